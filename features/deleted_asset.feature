Feature: No endpoint finds an asset that was deleted
  An asset that was deleted for good is answered 404, as one that never was there. Getting the
  asset itself stands in assets.delete.feature.

  Scenario Outline: A deleted asset is not found when I <do>, though <read> before
    Given an asset
    And the asset was deleted after <read>
    When I <do>
    Then the request is refused with 404 and a message

    @comments.list.deleted-asset.effect
    Examples:
      | do                | read                   |
      | list the comments | the comments were read |

    @dag_actions.list.deleted-asset.effect
    Examples:
      | do                   | read                      |
      | list the DAG actions | the DAG actions were read |

    @dag_runs.list.deleted-asset.effect
    Examples:
      | do                       | read                          |
      | list the DAG action runs | the DAG action runs were read |

    @history.get.deleted-asset.effect
    Examples:
      | do                  | read                     |
      | get the history "0" | the history "0" was read |

    @file_metadata.get.deleted-asset.effect
    Examples:
      | do                    | read                       |
      | get the file metadata | the file metadata was read |

    @collections.list.deleted-asset.effect
    Examples:
      | do                   | read                      |
      | list the collections | the collections were read |

    @media.list.deleted-asset.effect
    Examples:
      | do             | read               |
      | list the media | the media was read |

  Scenario Outline: A deleted asset is not found when I <do>, in a request with a body
    Given an asset
    And the asset was deleted
    When I <do> with <body>
    Then the request is refused with 404 and a message

    @comments.create.deleted-asset.effect
    Examples:
      | do               | body                       |
      | create a comment | {"comment": "new comment"} |

    @media.add.deleted-asset.effect
    Examples:
      | do        | body                                                                          |
      | add media | {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"} |

    @assets.update.deleted-asset.effect
    Examples:
      | do               | body                                                                                                                                                                          |
      | update the asset | {"title": "Modified Sample Asset", "description": "Modified Description", "category": "Modified Category", "tags": ["Test", "Tags", "Here"], "external_id": "${external id}"} |

  Scenario Outline: A deleted asset is not found when I <do>
    Given an asset
    And the asset was deleted
    When I <do>
    Then the request is refused with 404 and a message

    @trash.move.deleted-asset.effect
    Examples:
      | do                              |
      | move the asset to the trash bin |

    @trash.restore.deleted-asset.effect
    Examples:
      | do                |
      | restore the asset |

    @assets.delete.deleted-asset.effect
    Examples:
      | do               |
      | delete the asset |

    @project.assign.deleted-asset.effect
    Examples:
      | do                              |
      | assign the asset without a body |

    @project.unassign.deleted-asset.effect
    Examples:
      | do                 |
      | unassign the asset |

    @media.remove.deleted-asset.effect
    Examples:
      | do               |
      | remove the media |

  Scenario Outline: A deleted asset is not found when I <do> the comment that was on it
    Given an asset
    And a comment "Sample comment for tests" on the asset
    And <deleted>
    When I <ask>
    Then the request is refused with 404 and a message

    @comments.update.deleted-asset.effect
    Examples:
      | do     | deleted               | ask                                                        |
      | update | the asset was deleted | update the comment with {"comment": "new updated comment"} |

    @comments.delete.deleted-asset.effect
    Examples:
      | do     | deleted               | ask                |
      | delete | the asset was deleted | delete the comment |

    @comments.get.deleted-asset.effect
    Examples:
      | do  | deleted                                          | ask             |
      | get | the asset was deleted after the comment was read | get the comment |

  @dag_actions.start.deleted-asset.effect @needs:DAG-action
  Scenario: A deleted asset is not found when I start the DAG action
    Given an asset
    And a DAG action
    And the asset was deleted
    When I start the DAG action
    Then the request is refused with 404 and a message

  @media.download_url.deleted-asset.effect
  Scenario: A deleted asset is not found when I get a download URL
    Given an asset
    And the asset was deleted
    When I get the download URL "1" with "filename=test.png"
    Then the request is refused with 404 and a message
