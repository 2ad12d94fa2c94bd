Feature: DELETE /api/v2/assets/:asset_id
  Permanently delete asset

  Rule: What it does

    @assets.delete.ok
    Scenario: Successful request: the deletion is confirmed
      Given an asset
      When I delete the asset
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

  Rule: Refusals

    @assets.delete.not-found @assets.delete.err-404
    Scenario: Failed request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I delete the asset
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @assets.delete.ok.effect
    Scenario: The deleted asset is not found
      Given an asset
      And the asset was read
      When I delete the asset
      Then reading the asset is refused with 404

    @assets.delete.only-it.effect
    Scenario: After a deletion another asset is as it was made
      Given an asset
      And another asset
      When I delete the asset
      Then the other asset is as it was made

    @assets.delete.err-401.effect
    Scenario Outline: After a deletion <key> API key the asset is as it was made
      Given an asset
      When I delete the asset <key> API key
      Then the asset is as it was made

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @assets.delete.only-it-project.effect @needs:project
    Scenario: After a deletion another asset is still in a project
      Given an asset
      And a project
      And the asset is assigned to the project
      And another asset
      And the other asset is assigned to the project
      When I delete the asset
      Then the other asset reads {"asset": {"id": "${other asset id}"}}
      And the other asset can be unassigned

    @assets.delete.only-it-comments.effect
    Scenario: After a deletion a comment on another asset is still there
      Given an asset
      And a comment "Sample comment for tests" on another asset
      When I delete the asset
      Then the other asset reads {"asset": {"id": "${other asset id}"}}
      And the other comments read {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, "#and others"]}
