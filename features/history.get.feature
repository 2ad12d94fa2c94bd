Feature: GET /api/v2/assets/:asset_id/history/:cursor
  Get history

  Rule: What it does

    @history.get.ok
    Scenario: Successful request: the history has the creation of the asset
      Given an asset
      When I get the history "0"
      Then the request succeeds with:
        """json
        {
          "history": {
            "results": "#array",
            "next_cursor": "#anything"
          }
        }
        """
      And the history has a result:
        """json
        {
          "id": "#number",
          "user_id": "#number",
          "event_type": "ASSET_ADDED",
          "created_at": "#timestamp",
          "updated_at": "#timestamp",
          "event_targets": [
            {
              "target_type": "Asset",
              "target": {
                "id": "#number",
                "elasticsearch_id": "${asset id}",
                "title": "Sample Asset"
              }
            },
            "#and others"
          ]
        }
        """

  Rule: Refusals

    @history.get.asset-not-found @history.get.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "-1"
      When I get the history "0"
      Then the request is refused with 404 "asset not found"

    @history.get.bad-cursor @history.get.err-422
    Scenario: Unprocessable entity: an invalid cursor is refused
      Given an asset
      When I get the history "test"
      Then the request is refused with 422 "Invalid parameter 'cursor' value \"test\": Invalid cursor"

  Rule: Effects

    @history.get.other-asset.effect
    Scenario: No event of another asset is in the history
      Given an asset
      And another asset
      When I get the history "0"
      Then the request succeeds with {"history": {"results": "#array", "next_cursor": "#anything"}}
      And no event of another asset is in the history

    @history.get.any-script.effect
    Scenario Outline: The event has the asset's title as created: <language>
      Given an asset with {"title": "<text>", "description": "Sample asset from API V2", "category": "sample", "tags": ["sample", "test"]}
      When I get the history "0"
      Then the history has a result:
        """json
        {"event_type": "ASSET_ADDED", "event_targets": [{"target_type": "Asset",
          "target": {"elasticsearch_id": "${asset id}", "title": "<text>"}}, "#and others"]}
        """

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |
