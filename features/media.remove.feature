Feature: DELETE /api/v2/assets/:asset_id/media
  Remove media from asset

  Rule: What it does

    @media.remove.ok
    Scenario: Successful request: the asset is returned, with an error since it had no media
      Given an asset
      When I remove the media
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
            "media_type": "#string",
            "original_filename": "#string or null",
            "drop_folder_id": "#anything",
            "md5_sum": "#string or null",
            "created_date": "#timestamp",
            "modification_date": "#timestamp",
            "deleted": "#anything"
          },
          "errors": {
            "error": "No media found on this asset.",
            "status": 400
          }
        }
        """

  Rule: Refusals

    @media.remove.asset-not-found @media.remove.err-404
    Scenario: Failed request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I remove the media
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @media.remove.any-script.effect
    Scenario Outline: Title and description are answered as created: <language>
      Given an asset with {"title": "<text>", "description": "<text>", "category": "sample", "tags": ["sample", "test"]}
      When I remove the media
      Then the request succeeds with {"asset": {"title": "<text>", "description": "<text>"}}

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |

    @media.remove.any-script.effect
    Scenario: A description in several scripts, with a second line, is answered as created
      Given an asset with {"title": "Sample Asset", "description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line", "category": "sample", "tags": ["sample", "test"]}
      When I remove the media
      Then the request succeeds with {"asset": {"description": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}

    @media.remove.emptied.effect @needs:media-file-on-the-asset
    Scenario: The asset has no media any more
      Given an asset
      And a media file on the asset
      And the media was read
      When I remove the media
      Then the media reads {"media": []}

    @media.remove.err-401.effect @needs:media-file-on-the-asset
    Scenario Outline: A request <key> API key removes no media
      Given an asset
      And a media file on the asset
      When I remove the media <key> API key
      Then the media reads {"media": ["#anything", "#and others"]}

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @media.remove.not-deleted.effect
    Scenario: deleted is null for an asset that was never in the trash bin
      Given an asset
      When I remove the media
      Then the request succeeds with {"asset": {"deleted": null}}

    @media.remove.only-it.effect @needs:media-file-on-the-asset
    Scenario: Another asset still has its media
      Given an asset
      And a media file on the asset
      And a media file on another asset
      When I remove the media
      Then the other media reads {"media": ["#anything", "#and others"]}

    @media.remove.kept.effect @needs:media-file-on-the-asset
    Scenario: The asset is as before, and so are its comments
      Given an asset with {"title": "Sample Asset", "description": "Sample asset description.", "category": "test asset category", "tags": ["test", "tag"], "external_id": "${external id}"}
      And a comment "Sample comment for tests" on the asset
      And a media file on the asset
      And the asset was read
      When I remove the media
      Then the asset is unchanged
      And the comments read {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, "#and others"]}
