Feature: Every endpoint takes an API key
  A request without one, or with one that nobody has, is answered 401.

  Scenario Outline: Unauthorized: nobody can <do> <key> API key
    Given an asset
    And <read>
    When I <do> <key> API key
    Then the request is refused with 401

    @comments.list.err-401 @comments.list.hdr-x-api-key
    Examples:
      | do                | read                   | key             |
      | list the comments | the comments were read | without an      |
      | list the comments | the comments were read | with an unknown |

    @dag_actions.list.err-401 @dag_actions.list.hdr-x-api-key
    Examples:
      | do                   | read                      | key             |
      | list the DAG actions | the DAG actions were read | without an      |
      | list the DAG actions | the DAG actions were read | with an unknown |

    @dag_runs.list.err-401 @dag_runs.list.hdr-x-api-key
    Examples:
      | do                       | read                          | key             |
      | list the DAG action runs | the DAG action runs were read | without an      |
      | list the DAG action runs | the DAG action runs were read | with an unknown |

    @history.get.err-401 @history.get.hdr-x-api-key
    Examples:
      | do                  | read                     | key             |
      | get the history "0" | the history "0" was read | without an      |
      | get the history "0" | the history "0" was read | with an unknown |

    @assets.get.err-401 @assets.get.hdr-x-api-key
    Examples:
      | do            | read               | key             |
      | get the asset | the asset was read | without an      |
      | get the asset | the asset was read | with an unknown |

    @file_metadata.get.err-401 @file_metadata.get.hdr-x-api-key
    Examples:
      | do                    | read                       | key             |
      | get the file metadata | the file metadata was read | without an      |
      | get the file metadata | the file metadata was read | with an unknown |

    @collections.list.err-401 @collections.list.hdr-x-api-key
    Examples:
      | do                   | read                      | key             |
      | list the collections | the collections were read | without an      |
      | list the collections | the collections were read | with an unknown |

    @media.list.err-401 @media.list.hdr-x-api-key
    Examples:
      | do             | read               | key             |
      | list the media | the media was read | without an      |
      | list the media | the media was read | with an unknown |

  Scenario Outline: Unauthorized: nobody can <do> <key> API key, in a request with a body
    Given an asset
    When I <do> <key> API key, with <body>
    Then the request is refused with 401

    @comments.create.err-401 @comments.create.hdr-x-api-key
    Examples:
      | do               | key             | body                       |
      | create a comment | without an      | {"comment": "new comment"} |
      | create a comment | with an unknown | {"comment": "new comment"} |

    @media.add.err-401 @media.add.hdr-x-api-key
    Examples:
      | do        | key             | body                                                                          |
      | add media | without an      | {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"} |
      | add media | with an unknown | {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"} |

    @assets.update.err-401 @assets.update.hdr-x-api-key
    Examples:
      | do               | key             | body                                                                                                                                                                          |
      | update the asset | without an      | {"title": "Modified Sample Asset", "description": "Modified Description", "category": "Modified Category", "tags": ["Test", "Tags", "Here"], "external_id": "${external id}"} |
      | update the asset | with an unknown | {"title": "Modified Sample Asset", "description": "Modified Description", "category": "Modified Category", "tags": ["Test", "Tags", "Here"], "external_id": "${external id}"} |

    @project.assign.err-401 @project.assign.hdr-x-api-key
    Examples:
      | do               | key             | body                              |
      | assign the asset | without an      | {"to_project_id": "not-found-id"} |
      | assign the asset | with an unknown | {"to_project_id": "not-found-id"} |

  @comments.update.err-401 @comments.update.hdr-x-api-key
  Scenario Outline: Unauthorized: nobody can update the comment <key> API key
    Given an asset
    And a comment "Sample comment for tests" on the asset
    When I update the comment <key> API key, with {"comment": "new updated comment"}
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @comments.delete.err-401 @comments.delete.hdr-x-api-key
  Scenario Outline: Unauthorized: nobody can delete the comment <key> API key
    Given an asset
    And a comment "Sample comment for tests" on the asset
    When I delete the comment <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @comments.get.err-401 @comments.get.hdr-x-api-key
  Scenario Outline: Unauthorized: nobody can get the comment <key> API key
    Given an asset
    And a comment "Sample comment for tests" on the asset
    And the comment was read
    When I get the comment <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @dag_actions.start.err-401 @dag_actions.start.hdr-x-api-key @needs:DAG-action
  Scenario Outline: Unauthorized: nobody can start the DAG action <key> API key
    Given an asset
    And a DAG action
    When I start the DAG action <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @media.download_url.err-401 @media.download_url.hdr-x-api-key @needs:media-file-on-the-asset
  Scenario Outline: Unauthorized: nobody can get the download URL <key> API key
    Given an asset
    And a media file on the asset
    And the download URL was read with "filename=test.png"
    When I get the download URL <key> API key, with "filename=test.png"
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @assets.create.err-401 @assets.create.hdr-x-api-key
  Scenario Outline: Unauthorized: nobody can create an asset <key> API key
    When I create an asset <key> API key, with:
      """json
        {"title": "Sample Asset", "description": "Sample asset from API V2", "category": "Sample", "tags": ["sample", "test"]}
      """
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  Scenario Outline: Unauthorized: nobody can <do> <key> API key, in a request without a body
    Given an asset
    When I <do> <key> API key
    Then the request is refused with 401

    @trash.move.err-401 @trash.move.hdr-x-api-key
    Examples:
      | do                              | key             |
      | move the asset to the trash bin | without an      |
      | move the asset to the trash bin | with an unknown |

    @assets.delete.err-401 @assets.delete.hdr-x-api-key
    Examples:
      | do               | key             |
      | delete the asset | without an      |
      | delete the asset | with an unknown |

    @project.unassign.err-401 @project.unassign.hdr-x-api-key
    Examples:
      | do                 | key             |
      | unassign the asset | without an      |
      | unassign the asset | with an unknown |

    @media.remove.err-401 @media.remove.hdr-x-api-key
    Examples:
      | do               | key             |
      | remove the media | without an      |
      | remove the media | with an unknown |

  @trash.restore.err-401 @trash.restore.hdr-x-api-key
  Scenario Outline: Unauthorized: nobody can restore the asset <key> API key
    Given an asset
    And the asset is in the trash bin
    When I restore the asset <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |
