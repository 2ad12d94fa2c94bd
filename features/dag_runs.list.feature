Feature: GET /api/v2/assets/:asset_id/dag_action_runs
  List DAG action runs for asset

  Rule: What it does

    @dag_runs.list.ok @needs:DAG-action
    Scenario: Successful request: the DAG action run is listed with its action
      Given an asset
      And a DAG action
      And the DAG action was started on the asset
      When I list the DAG action runs
      Then the request succeeds with:
        """json
        {
          "dag_action_runs": [
            {
              "id": "${run id}",
              "status": "#string",
              "created_at": "#timestamp",
              "dag_action": {
                "id": "${DAG action id}",
                "name": "#string",
                "description": "#string or null",
                "category": "#string or null"
              },
              "dag_action_run_messages": [
                "#each",
                {
                  "id": "#number",
                  "message": "#string",
                  "created_at": "#timestamp"
                }
              ]
            },
            "#and others"
          ]
        }
        """

  Rule: Refusals

    @dag_runs.list.asset-not-found @dag_runs.list.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I list the DAG action runs
      Then the request is refused with 404 "asset not found"

  Rule: Who may ask

    @dag_runs.list.no-permission @needs:caller-without-ACTIONS_VIEW
    Scenario: If user does not have 'ACTIONS_VIEW' permission: the list is refused
      Given an asset of mine, and my key lacks the "ACTIONS_VIEW" permission
      And the DAG action runs were read with another key
      When I list the DAG action runs
      Then the request is refused with 403 "Permission denied. Must have ACTIONS_VIEW permissions."

  Rule: Effects

    @dag_runs.list.other-asset.effect @needs:DAG-action
    Scenario: A DAG action run on another asset is not listed
      Given an asset
      And a DAG action
      And the DAG action was started on another asset
      When I list the DAG action runs
      Then the request succeeds with {"dag_action_runs": "#array"}
      And the run is not listed
