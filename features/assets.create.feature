Feature: POST /api/v2/assets
  Create asset

  Background:
    Given these parameters:
      """json
      {
        "title": "Sample Asset",
        "description": "Sample asset from API V2",
        "category": "Sample",
        "tags": [
          "sample",
          "test"
        ]
      }
      """

  Rule: What it does

    Scenario Outline: <example>: the new asset is returned, and is of media type <media type>
      When I create an asset <with>
      Then the request succeeds with:
        """json
        {
          "asset": {
            "id": "#string",
            "external_id": "#string or null",
            "parent_id": "#anything",
            "project_id": "#anything",
            "owner": "#string",
            "title": "Sample Asset",
            "description": "Sample asset from API V2",
            "category": "sample",
            "tags": [
              "sample",
              "test"
            ],
            "ai_tags": [
              "#each",
              "#string"
            ],
            "status": "open",
            "media_type": "<media type>",
            "original_filename": "#string or null",
            "drop_folder_id": "#anything",
            "md5_sum": "#string or null",
            "created_date": "#timestamp",
            "modification_date": "#timestamp",
            "deleted": "#anything"
          }
        }
        """

      @assets.create.ok @assets.create.param-media_type
      Examples:
        | example            | with                  | media type  |
        | Successful request | with these parameters | placeholder |

      @assets.create.ok-article
      Examples:
        | example                              | with                                               | media type |
        | Successful request, valid media type | with these parameters, but "article" as media_type | article    |

  Rule: Parameters

    Scenario Outline: <parameter> must be a String, not <value>
      When I create an asset with these parameters, but <value> as <parameter>
      Then the request is refused with 422 and a message that names "<parameter>"
      And the message begins "Invalid parameter '<parameter>' value " and ends ": Must be a String", if the wording is strict

      @assets.create.valid-title
      Examples:
        | parameter | value |
        | title     | 123   |
        | title     | true  |
        | title     | ["x"] |

      @assets.create.valid-description
      Examples:
        | parameter   | value |
        | description | 123   |
        | description | true  |
        | description | ["x"] |

      @assets.create.valid-category
      Examples:
        | parameter | value |
        | category  | 123   |
        | category  | true  |
        | category  | ["x"] |

      @assets.create.valid-external_id
      Examples:
        | parameter   | value |
        | external_id | 123   |
        | external_id | true  |
        | external_id | ["x"] |

    @assets.create.valid-tags
    Scenario: tags must be an array of String, not a String
      When I create an asset with these parameters, but "x" as tags
      Then the request is refused with 422 and a message that names "tags"
      And the message is "Invalid parameter 'tags' value \"x\": Must be an array of String", if the wording is strict

    @assets.create.valid-tags
    Scenario: tags must be an array of String, not of numbers
      When I create an asset with these parameters, but [1] as tags
      Then the request is refused with 422 and a message that names "tags"
      And the message begins "Invalid parameter 'tags' value " and ends ": Must be an array of String", if the wording is strict

    Scenario Outline: <parameter> is optional
      When I create an asset with these parameters, but no <parameter>
      Then the request succeeds

      @assets.create.param-description
      Examples:
        | parameter   |
        | description |

      @assets.create.param-category
      Examples:
        | parameter |
        | category  |

      @assets.create.param-tags
      Examples:
        | parameter |
        | tags      |

    @assets.create.valid-media_type
    Scenario: media_type must be one of: article, so not video
      When I create an asset with these parameters, but "video" as media_type
      Then the request is refused with 422 and a message that names "media_type"
      And the message is "Invalid parameter 'media_type' value \"video\": Must be one of: <code>article</code>.", if the wording is strict

    @assets.create.param-external_id
    Scenario: external_id is returned as sent
      When I create an asset with these parameters, but "${external id}" as external_id
      Then the request succeeds with {"asset": {"external_id": "${external id}"}}

    @assets.create.missing-title @assets.create.param-title @assets.create.err-422
    Scenario: Failed request, missing required "title" parameter: the error names it
      When I create an asset with these parameters, but no title
      Then the request is refused with 422 "Missing parameter title"

    @assets.create.invalid-media-type
    Scenario: Failed request, invalid media type: the error names the value and what is allowed
      When I create an asset with these parameters, but "image" as media_type
      Then the request is refused with 422 "Invalid parameter 'media_type' value \"image\": Must be one of: <code>article</code>."

  Rule: Refusals

    @assets.create.external-id-taken
    Scenario: External ID has already been taken: the error says so
      Given an asset with {"title": "Sample Asset", "external_id": "${external id}"}
      When I create an asset with:
        """json
        {
          "title": "Sample Asset",
          "external_id": "${external id}"
        }
        """
      Then the request is refused with 400 "External id has already been taken"

    @assets.create.external-id-taken
    Scenario: External ID has already been taken: the error is the same with the other parameters
      Given an asset with these parameters, but "${external id}" as external_id
      When I create an asset with these parameters, but "${external id}" as external_id
      Then the request is refused with 400 "External id has already been taken"

  Rule: Effects

    @assets.create.param-external_id.effect
    Scenario: The new asset reads with its external_id
      When I create an asset with these parameters, but "${external id}" as external_id
      Then the asset reads {"asset": {"id": "${asset id}", "external_id": "${external id}"}}

    @assets.create.ok.effect
    Scenario: The new asset reads as sent, its category in lower case
      When I create an asset with these parameters
      Then the asset reads {"asset": {"id": "${asset id}", "title": "Sample Asset", "description": "Sample asset from API V2", "category": "sample", "tags": ["sample", "test"], "status": "open", "media_type": "placeholder"}}

    @assets.create.ok-article.effect
    Scenario: The new article reads as an article
      When I create an asset with these parameters, but "article" as media_type
      Then the asset reads {"asset": {"media_type": "article"}}

    @assets.create.ok-article.effect
    Scenario: The new article reads as sent, its category in lower case
      When I create an asset with these parameters, but "article" as media_type
      Then the asset reads {"asset": {"id": "${asset id}", "title": "Sample Asset", "description": "Sample asset from API V2", "category": "sample", "tags": ["sample", "test"], "status": "open", "media_type": "article"}}

    @assets.create.any-script.effect
    Scenario Outline: Title and description are kept as sent: <language>
      When I create an asset with these parameters, but "<text>" as title and description
      Then the request succeeds with {"asset": {"title": "<text>", "description": "<text>"}}
      And the asset reads {"asset": {"title": "<text>", "description": "<text>"}}

      Examples:
        | language      | text                               |
        | German        | Grüße aus Köln, schönen Tag        |
        | Japanese      | ガーデンパーティーの動画                       |
        | Arabic        | مرحبا بالعالم                      |
        | emoji         | Take 🎬 action 🎞                    |
        | signs of JSON | \"quoted\" & it's a \\\\ backslash |

    @assets.create.any-script.effect
    Scenario: Title and description of an article are answered as sent
      When I create an asset with these parameters, but "article" as media_type and "Grüße 東京 مرحبا 🎬" as title and description
      Then the request succeeds with {"asset": {"title": "Grüße 東京 مرحبا 🎬", "description": "Grüße 東京 مرحبا 🎬"}}

    @assets.create.any-script.effect
    Scenario: A description in several scripts, with a second line, is kept as sent
      When I create an asset with these parameters, but "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line" as description
      Then the request succeeds with {"asset": {"description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}
      And the asset reads {"asset": {"description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}

    @assets.create.any-script.effect
    Scenario: Title and description in several scripts read as sent
      When I create an asset with these parameters, but "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash" as title and description
      Then the asset reads {"asset": {"title": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash", "description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash"}}

    @assets.create.err-401.effect
    Scenario Outline: A creation <key> API key leaves the external id free
      When I create an asset <key> API key, with these parameters, but "${external id}" as external_id
      Then an asset can be created with this external_id

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @assets.create.lower-case.effect
    Scenario: A category sent in upper case is returned in lower case
      When I create an asset with these parameters, but "SAMPLE Category" as category
      Then the request succeeds with {"asset": {"category": "sample category"}}

    @assets.create.not-deleted.effect
    Scenario: deleted is null for a new asset
      When I create an asset with these parameters
      Then the request succeeds with {"asset": {"deleted": null}}
