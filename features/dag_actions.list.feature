Feature: GET /api/v2/assets/:asset_id/dag_actions
  List DAG actions for asset

  Rule: What it does

    @dag_actions.list.ok @needs:DAG-action
    Scenario: Successful request: the DAG action is listed
      Given an asset
      And a DAG action
      When I list the DAG actions
      Then the request succeeds with:
        """json
        {
          "dag_actions": [
            {
              "id": "${DAG action id}",
              "name": "#string",
              "description": "#string or null",
              "category": "#string or null"
            },
            "#and others"
          ]
        }
        """

  Rule: Refusals

    @dag_actions.list.asset-not-found @dag_actions.list.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I list the DAG actions
      Then the request is refused with 404 "asset not found"

  Rule: Who may ask

    @dag_actions.list.no-permission @needs:caller-without-ACTIONS_VIEW
    Scenario: If user does not have 'ACTIONS_VIEW' permission: the list is refused
      Given an asset of mine, and my key lacks the "ACTIONS_VIEW" permission
      And the DAG actions were read with another key
      When I list the DAG actions
      Then the request is refused with 403 "Permission denied. Must have ACTIONS_VIEW permissions."
