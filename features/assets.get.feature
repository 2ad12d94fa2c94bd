Feature: GET /api/v2/assets/:asset_id
  Get asset

  Rule: What it does

    @assets.get.ok
    Scenario: Successful request: the asset is returned with all that is documented
      Given an asset
      When I get the asset
      Then the request succeeds with:
        """json
        {
          "asset": {
            "id": "${asset id}",
            "external_id": "#string or null",
            "parent_id": "#anything",
            "project_id": "#anything",
            "owner": "#string",
            "title": "Sample Asset",
            "description": "Sample asset description.",
            "category": "test asset category",
            "tags": [
              "test",
              "tag"
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

  Rule: Refusals

    @assets.get.not-found @assets.get.err-404
    Scenario: Failed request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I get the asset
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @assets.get.any-script.effect
    Scenario Outline: Title and description read as created: <language>
      Given an asset with {"title": "<text>", "description": "<text>", "category": "sample", "tags": ["sample", "test"]}
      When I get the asset
      Then the request succeeds with {"asset": {"title": "<text>", "description": "<text>"}}

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |

    @assets.get.any-script.effect
    Scenario: A description in several scripts, with a second line, reads as created
      Given an asset with {"title": "Sample Asset", "description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line", "category": "sample", "tags": ["sample", "test"]}
      When I get the asset
      Then the request succeeds with {"asset": {"description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}

    @assets.get.not-deleted.effect
    Scenario: deleted is null for an asset that was never in the trash bin
      Given an asset
      When I get the asset
      Then the request succeeds with {"asset": {"deleted": null}}
