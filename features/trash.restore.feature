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
      Given no asset has the id "not-found-id"
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
      And the asset is in the trash bin, where it was read
      When I restore the asset
      Then the asset reads {"asset": {"id": "${asset id}"}}
      And restoring the asset is refused with 400 and a message

    @trash.restore.err-401.effect
    Scenario Outline: A request <key> API key restores nothing
      Given an asset
      And the asset is in the trash bin
      When I restore the asset <key> API key
      Then the asset can be restored

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
      Then the other asset can be restored

    @trash.restore.not-deleted.effect
    Scenario: deleted is null for the restored asset
      Given an asset
      And the asset is in the trash bin, where it was read
      When I restore the asset
      Then the asset reads {"asset": {"id": "${asset id}"}}
      And the asset reads {"asset": {"deleted": null}}

    @trash.restore.kept.effect
    Scenario: The restored asset is as before, and so are its comments
      Given an asset with {"title": "Sample Asset", "description": "Sample asset description.", "category": "test asset category", "tags": ["test", "tag"], "external_id": "${external id}"}
      And a comment "Sample comment for tests" on the asset
      And the asset was moved to the trash bin after it was read
      When I restore the asset
      Then the asset is unchanged
      And the comments read {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, "#and others"]}

    @trash.restore.kept-project.effect @needs:project
    Scenario: The restored asset is still in a project
      Given an asset
      And a project
      And the asset is assigned to the project
      And the asset is in the trash bin
      When I restore the asset
      Then the asset reads {"asset": {"id": "${asset id}"}}
      And the asset can be unassigned

    @trash.restore.kept-media.effect @needs:media-file-on-the-asset
    Scenario: The restored asset still has its media
      Given an asset
      And a media file on the asset
      And the asset is in the trash bin
      When I restore the asset
      Then the asset reads {"asset": {"id": "${asset id}"}}
      And the media reads {"media": ["#anything", "#and others"]}
