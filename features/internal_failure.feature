@needs:internal-failure
Feature: Every endpoint may fail
  Where the server fails, that is answered 500.

  Scenario Outline: Internal Server Error: the server fails when I <do>
    Given an asset
    And an internal failure
    When I <do>
    Then the request is refused with 500

    @comments.list.err-500
    Examples:
      | do                |
      | list the comments |

    @dag_actions.list.err-500
    Examples:
      | do                   |
      | list the DAG actions |

    @dag_actions.start.err-500
    Examples:
      | do                       |
      | start the DAG action "1" |

    @dag_runs.list.err-500
    Examples:
      | do                       |
      | list the DAG action runs |

    @history.get.err-500
    Examples:
      | do                  |
      | get the history "0" |

    @assets.get.err-500
    Examples:
      | do            |
      | get the asset |

    @file_metadata.get.err-500
    Examples:
      | do                    |
      | get the file metadata |

    @collections.list.err-500
    Examples:
      | do                   |
      | list the collections |

    @media.list.err-500
    Examples:
      | do             |
      | list the media |

    @trash.move.err-500
    Examples:
      | do                              |
      | move the asset to the trash bin |

    @assets.delete.err-500
    Examples:
      | do               |
      | delete the asset |

    @project.unassign.err-500
    Examples:
      | do                 |
      | unassign the asset |

    @media.remove.err-500
    Examples:
      | do               |
      | remove the media |

  Scenario Outline: Internal Server Error: the server fails when I <do>, in a request with a body
    Given an asset
    And an internal failure
    When I <do> with <body>
    Then the request is refused with 500

    @comments.create.err-500
    Examples:
      | do               | body                       |
      | create a comment | {"comment": "new comment"} |

    @media.add.err-500
    Examples:
      | do        | body                                                                          |
      | add media | {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"} |

    @assets.update.err-500
    Examples:
      | do               | body                                                                                                                                                                          |
      | update the asset | {"title": "Modified Sample Asset", "description": "Modified Description", "category": "Modified Category", "tags": ["Test", "Tags", "Here"], "external_id": "${external id}"} |

    @project.assign.err-500
    Examples:
      | do               | body                              |
      | assign the asset | {"to_project_id": "not-found-id"} |

  @comments.update.err-500
  Scenario: Internal Server Error: the server fails when I update the comment
    Given an asset
    And a comment "Sample comment for tests" on the asset
    And an internal failure
    When I update the comment with {"comment": "new updated comment"}
    Then the request is refused with 500

  Scenario Outline: Internal Server Error: the server fails when I <do> the comment
    Given an asset
    And a comment "Sample comment for tests" on the asset
    And an internal failure
    When I <do> the comment
    Then the request is refused with 500

    @comments.delete.err-500
    Examples:
      | do     |
      | delete |

    @comments.get.err-500
    Examples:
      | do  |
      | get |

  @media.download_url.err-500
  Scenario: Internal Server Error: the server fails when I get a download URL
    Given an asset
    And an internal failure
    When I get the download URL "1" with "filename=test.png"
    Then the request is refused with 500

  @assets.create.err-500
  Scenario: Internal Server Error: the server fails when I create an asset
    Given an internal failure
    When I create an asset with {"title": "Sample Asset", "description": "Sample asset from API V2", "category": "Sample", "tags": ["sample", "test"]}
    Then the request is refused with 500

  @trash.restore.err-500
  Scenario: Internal Server Error: the server fails when I restore the asset
    Given an asset
    And the asset is in the trash bin
    And an internal failure
    When I restore the asset
    Then the request is refused with 500
