Feature: POST /api/v2/assets/:asset_id/dag_actions/:dag_action_id
  Start an action for asset

  Rule: What it does

    @dag_actions.start.ok @needs:DAG-action
    Scenario: Successful request: the new run is returned with its action
      Given an asset
      And a DAG action
      When I start the DAG action
      Then the request succeeds with:
        """json
        {
          "dag_action_run": {
            "id": "#number",
            "status": "running",
            "created_at": "#timestamp",
            "dag_action": {
              "id": "${DAG action id}",
              "name": "#string",
              "description": "#string or null",
              "category": "#string or null"
            },
            "dag_action_run_messages": [
              {
                "id": "#number",
                "message": "Set in queue...",
                "created_at": "#timestamp"
              },
              "#and others"
            ]
          }
        }
        """

  Rule: Refusals

    @dag_actions.start.dag-action-not-found
    Scenario: If :dag_action_id is not found: the error says so
      Given an asset
      When I start the DAG action "not-found-id"
      Then the request is refused with 404 and a message
      And the message is "Couldn't find DagAction with 'id'=not-found-id", unless the wording is lenient

    @dag_actions.start.err-404 @needs:DAG-action
    Scenario: Not found: an unknown asset is not found
      Given no asset has the id "not-found-id"
      And a DAG action
      When I start the DAG action
      Then the request is refused with 404 and a message

  Rule: Who may ask

    @dag_actions.start.no-permission @needs:caller-without-ACTIONS_START @needs:DAG-action
    Scenario: If user does not have 'ACTIONS_START' permission: the start is refused
      Given an asset of mine, and my key lacks the "ACTIONS_START" permission
      And a DAG action
      When I start the DAG action
      Then the request is refused with 403 "Permission denied. Must have ACTIONS_START permissions."

  Rule: Effects

    @dag_actions.start.err-401.effect @needs:DAG-action
    Scenario Outline: A request <key> API key starts no DAG action run
      Given an asset
      And a DAG action
      And the DAG action runs were read
      When I start the DAG action <key> API key
      Then no further run of the DAG action is listed

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @dag_actions.start.listed.effect @needs:DAG-action
    Scenario: The new DAG action run is listed
      Given an asset
      And a DAG action
      And the DAG action runs were read
      When I start the DAG action
      Then the run is listed

    @dag_actions.start.only-it.effect @needs:DAG-action
    Scenario: After a start another asset still has a DAG action run
      Given an asset
      And a DAG action
      And the DAG action was started on another asset
      When I start the DAG action
      Then the other DAG action runs read {"dag_action_runs": ["#anything", "#and others"]}
