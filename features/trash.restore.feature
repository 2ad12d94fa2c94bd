Feature: POST /api/v2/assets/:asset_id/restore
  Restore asset from trash bin

  Rule: What it does

    @trash.restore.ok
    Scenario: Successful request: the restoration is confirmed
      Given an asset
      And the asset is in the trash bin
      When I restore the asset
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

  Rule: Refusals

    @trash.restore.asset-not-found @trash.restore.err-404
    Scenario: Failed request: an unknown asset is not found
      Given the asset "not-found-id"
      When I restore the asset
      Then the request is refused with 404 "asset not found"

    @trash.restore.not-in-trash
    Scenario: Trying to restore asset that is not in trash bin: the error says so
      Given an asset
      When I restore the asset
      Then the request is refused with 400 "Can not restore Assets that is not in trash bin"

  Rule: Effects

    @trash.restore.ok.effect
    Scenario: The restored asset is readable and no longer in the trash bin
      Given an asset
      And the asset is in the trash bin
      And the asset was read
      When I restore the asset
      Then the asset reads:
        """json
        {"asset": {"id": "<asset id>"}}
        """
      And trying to restore the asset again is refused with 400 "…"

    @trash.restore.err-401.effect
    Scenario Outline: The asset is still in the trash bin <key> API key
      Given an asset
      And the asset is in the trash bin
      When I restore the asset <key> API key
      Then I can restore the asset

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @trash.restore.only-it.effect
    Scenario: Another asset is still in the trash bin
      Given an asset
      And the asset is in the trash bin
      And another asset
      And the other asset is in the trash bin
      When I restore the asset
      Then I can restore the other asset

    @trash.restore.not-deleted.effect
    Scenario: The restored asset is not deleted
      Given an asset
      And the asset is in the trash bin
      And the asset was read
      When I restore the asset
      Then the asset reads:
        """json
        {"asset": {"id": "<asset id>"}}
        """
      And the asset reads:
        """json
        {"asset": {"deleted": null}}
        """

    @trash.restore.kept.effect
    Scenario: The restored asset is as before, and so are its comments
      Given an asset with:
        """json
        {
          "title": "Sample Asset",
          "description": "Sample asset description.",
          "category": "test asset category",
          "tags": [
            "test",
            "tag"
          ],
          "external_id": "<external id>"
        }
        """
      And a comment "Sample comment for tests" on the asset
      And the asset was read
      And the asset is in the trash bin
      When I restore the asset
      Then the asset is unchanged
      And the comments read:
        """json
        {"comments": [{"id": "<comment id>", "message": "Sample comment for tests"}, "<and others>"]}
        """

    @trash.restore.kept-project.effect @needs:project
    Scenario: The restored asset is still in its project
      Given an asset
      And a project
      And the asset is assigned to the project
      And the asset is in the trash bin
      When I restore the asset
      Then the asset reads:
        """json
        {"asset": {"id": "<asset id>"}}
        """
      And I can unassign the asset

    @trash.restore.kept-media.effect @needs:media-file-on-the-asset
    Scenario: The restored asset still has its media
      Given an asset
      And a media file on the asset
      And the asset is in the trash bin
      When I restore the asset
      Then the asset reads:
        """json
        {"asset": {"id": "<asset id>"}}
        """
      And the media reads:
        """json
        {"media": ["<anything>", "<and others>"]}
        """
