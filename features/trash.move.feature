Feature: POST /api/v2/assets/:asset_id/trash_bin
  Move asset to trash bin from where it will be deleted after 14 days

  Rule: What it does

    @trash.move.ok
    Scenario: Successful request: the move is confirmed
      Given an asset
      When I move the asset to the trash bin
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

  Rule: Refusals

    @trash.move.asset-not-found @trash.move.err-404
    Scenario: Failed request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I move the asset to the trash bin
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @trash.move.ok.effect
    Scenario: The asset can be restored from the trash bin
      Given an asset
      When I move the asset to the trash bin
      Then the asset can be restored

    @trash.move.err-401.effect
    Scenario Outline: A request <key> API key moves nothing to the trash bin
      Given an asset
      When I move the asset to the trash bin <key> API key
      Then restoring the asset is refused with 400 and a message

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @trash.move.only-it.effect
    Scenario: Another asset is not moved to the trash bin
      Given an asset
      And another asset
      When I move the asset to the trash bin
      Then restoring the other asset is refused with 400 and a message
