Feature: PUT /api/v2/assets/:asset_id
  Update asset

  Background:
    Given these parameters:
      """json
      {
        "title": "Modified Sample Asset",
        "description": "Modified Description",
        "category": "Modified Category",
        "tags": [
          "Test",
          "Tags",
          "Here"
        ],
        "external_id": "${external id}"
      }
      """

  Rule: What it does

    @assets.update.ok
    Scenario: Successful request: the asset is returned as updated
      Given an asset
      When I update the asset with these parameters
      Then the request succeeds with:
        """json
        {
          "asset": {
            "id": "${asset id}",
            "external_id": "${external id}",
            "parent_id": "#anything",
            "project_id": "#anything",
            "owner": "#string",
            "title": "Modified Sample Asset",
            "description": "Modified Description",
            "category": "modified category",
            "tags": [
              "test",
              "tags",
              "here"
            ],
            "ai_tags": [
              "#each",
              "#string"
            ],
            "status": "open",
            "media_type": "placeholder",
            "original_filename": "#string or null",
            "drop_folder_id": "#anything",
            "md5_sum": "#string or null",
            "created_date": "#timestamp",
            "modification_date": "#timestamp",
            "deleted": "#anything"
          }
        }
        """

  Rule: Parameters

    Scenario Outline: <parameter> is optional
      Given an asset
      When I update the asset with these parameters, but no <parameter>
      Then the request succeeds

      @assets.update.param-title
      Examples:
        | parameter |
        | title     |

      @assets.update.param-description
      Examples:
        | parameter   |
        | description |

      @assets.update.param-category
      Examples:
        | parameter |
        | category  |

      @assets.update.param-tags
      Examples:
        | parameter |
        | tags      |

      @assets.update.param-external_id
      Examples:
        | parameter   |
        | external_id |

    Scenario Outline: <parameter> must be a String, not <value>
      Given an asset
      When I update the asset with these parameters, but <value> as <parameter>
      Then the request is refused with 422 and a message that names "<parameter>"
      And the message begins "Invalid parameter '<parameter>' value " and ends ": Must be a String", if the wording is strict

      @assets.update.valid-title
      Examples:
        | parameter | value |
        | title     | 123   |
        | title     | true  |
        | title     | ["x"] |

      @assets.update.valid-description
      Examples:
        | parameter   | value |
        | description | 123   |
        | description | true  |
        | description | ["x"] |

      @assets.update.valid-category
      Examples:
        | parameter | value |
        | category  | 123   |
        | category  | true  |
        | category  | ["x"] |

      @assets.update.valid-external_id
      Examples:
        | parameter   | value |
        | external_id | 123   |
        | external_id | true  |
        | external_id | ["x"] |

    @assets.update.valid-tags
    Scenario: tags must be an array of String, not a String
      Given an asset
      When I update the asset with these parameters, but "x" as tags
      Then the request is refused with 422 and a message that names "tags"
      And the message is "Invalid parameter 'tags' value \"x\": Must be an array of String", if the wording is strict

    @assets.update.valid-tags
    Scenario: tags must be an array of String, not of numbers
      Given an asset
      When I update the asset with these parameters, but [1] as tags
      Then the request is refused with 422 and a message that names "tags"
      And the message begins "Invalid parameter 'tags' value " and ends ": Must be an array of String", if the wording is strict

  Rule: Refusals

    @assets.update.asset-not-found @assets.update.err-404
    Scenario: Invalid request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I update the asset with these parameters
      Then the request is refused with 404 "asset not found"

    @assets.update.title-too-long
    Scenario: With invalid parameters: a title of 280 characters is too long
      Given an asset
      When I update the asset with:
        """json
        {
          "title": "Testing too long title: XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
        }
        """
      Then the request is refused with 400 "Title is too long (maximum is 255 characters)"

    @assets.update.title-too-long
    Scenario: A title of 256 characters is too long
      Given an asset
      When I update the asset with a title of 256 characters
      Then the request is refused with 400 "Title is too long (maximum is 255 characters)"

    @assets.update.title-too-long
    Scenario: A title of 255 characters is not too long, though each takes two bytes
      Given an asset
      When I update the asset with a title of 255 characters of two bytes each
      Then the request succeeds

  Rule: Effects

    @assets.update.ok.effect
    Scenario: The asset reads as updated
      Given an asset
      And the asset was read
      When I update the asset with these parameters
      Then the asset reads {"asset": {"title": "Modified Sample Asset", "description": "Modified Description", "category": "modified category", "tags": ["test", "tags", "here"], "external_id": "${external id}"}}

    @assets.update.ok.effect
    Scenario: The description reads as updated
      Given an asset
      And the asset was read
      When I update the asset with these parameters
      Then the asset reads {"asset": {"description": "Modified Description"}}

    @assets.update.title-too-long.effect
    Scenario: After an overlong title the asset has the title that it had
      Given an asset
      When I update the asset with a title of 280 characters
      Then the asset reads {"asset": {"id": "${asset id}", "title": "Sample Asset"}}

    @assets.update.only-it.effect
    Scenario: After an update another asset is as it was made
      Given an asset
      And another asset
      When I update the asset with these parameters
      Then the other asset is as it was made

    @assets.update.any-script.effect
    Scenario Outline: Title and description are kept as sent: <language>
      Given an asset
      And the asset was read
      When I update the asset with {"title": "<text>", "description": "<text>"}
      Then the request succeeds with {"asset": {"title": "<text>", "description": "<text>"}}
      And the asset reads {"asset": {"title": "<text>", "description": "<text>"}}

      Examples:
        | language      | text                               |
        | German        | Grüße aus Köln, schönen Tag        |
        | Japanese      | ガーデンパーティーの動画                       |
        | Arabic        | مرحبا بالعالم                      |
        | emoji         | Take 🎬 action 🎞                    |
        | signs of JSON | \"quoted\" & it's a \\\\ backslash |

    @assets.update.any-script.effect
    Scenario: A description in several scripts, with a second line, is kept as sent
      Given an asset
      And the asset was read
      When I update the asset with {"title": "Sample Asset", "description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}
      Then the request succeeds with {"asset": {"description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}
      And the asset reads {"asset": {"description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}

    @assets.update.any-script.effect
    Scenario: Title and description in several scripts read as sent
      Given an asset
      And the asset was read
      When I update the asset with {"title": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash", "description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash"}
      Then the asset reads {"asset": {"title": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash", "description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash"}}

    @assets.update.err-401.effect
    Scenario Outline: After an update <key> API key the asset is as it was made
      Given an asset
      When I update the asset <key> API key, with these parameters
      Then the asset is as it was made

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @assets.update.lower-case.effect
    Scenario: Category and tags sent in upper case are returned in lower case
      Given an asset
      When I update the asset with these parameters, but "MODIFIED Category" as category and ["TEST", "Two Words"] as tags
      Then the request succeeds with {"asset": {"category": "modified category", "tags": ["test", "two words"]}}

    @assets.update.lower-case.effect
    Scenario: Tags sent in upper case are returned in lower case
      Given an asset
      When I update the asset with these parameters, but "MODIFIED Category" as category and ["TEST", "Two Words"] as tags
      Then the request succeeds with {"asset": {"tags": ["test", "two words"]}}

    @assets.update.not-deleted.effect
    Scenario: deleted is null for an asset that was never in the trash bin
      Given an asset
      When I update the asset with these parameters
      Then the request succeeds with {"asset": {"deleted": null}}

    Scenario Outline: An asset of which only <some> is updated <has> the documented shape
      Given an asset
      When I update the asset with <parameters>
      Then <seen>:
        """json
        {"asset": {"id": "${asset id}", "external_id": "#string or null", "parent_id": "#anything",
          "project_id": "#anything", "owner": "#string", "title": "#string", "description": "#string",
          "category": "#string", "tags": "#array", "ai_tags": ["#each", "#string"], "status": "open",
          "media_type": "placeholder", "original_filename": "#string or null", "drop_folder_id": "#anything",
          "md5_sum": "#string or null", "created_date": "#timestamp", "modification_date": "#timestamp",
          "deleted": "#anything"}}
        """

      @assets.update.partial.effect
      Examples:
        | some                           | parameters                                                                           | seen                      | has            |
        | the title                      | {"title": "Modified Sample Asset"}                                                   | the request succeeds with | is answered in |
        | the description                | {"description": "Modified Description"}                                              | the request succeeds with | is answered in |
        | category, tags and external_id | {"category": "Modified Category", "tags": ["Test"], "external_id": "${external id}"} | the request succeeds with | is answered in |

      @assets.update.partial-read.effect
      Examples:
        | some                           | parameters                                                                           | seen            | has      |
        | the title                      | {"title": "Modified Sample Asset"}                                                   | the asset reads | reads in |
        | the description                | {"description": "Modified Description"}                                              | the asset reads | reads in |
        | category, tags and external_id | {"category": "Modified Category", "tags": ["Test"], "external_id": "${external id}"} | the asset reads | reads in |

    @assets.update.kept.effect
    Scenario: After an update a comment on the asset is still there
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I update the asset with these parameters
      Then the comments read {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, "#and others"]}

    @assets.update.kept-project.effect @needs:project
    Scenario: After an update the asset is still in a project
      Given an asset
      And a project
      And the asset is assigned to the project
      When I update the asset with these parameters
      Then the asset can be unassigned
