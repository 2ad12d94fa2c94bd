Feature: DELETE /api/v2/assets/:asset_id/unassign
  Unassign asset from project

  Rule: What it does

    @project.unassign.ok @needs:project
    Scenario: Successful request: the unassignment is confirmed
      Given an asset
      And a project
      And the asset is assigned to the project
      When I unassign the asset
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

  Rule: Refusals

    @project.unassign.asset-not-found @project.unassign.err-404
    Scenario: Invalid request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I unassign the asset
      Then the request is refused with 404 "asset not found"

    @project.unassign.no-parent
    Scenario: Asset has no parent project: the error says so
      Given an asset
      When I unassign the asset
      Then the request is answered 200 with the error "${asset id} does not have a parent project"

  Rule: Effects

    @project.unassign.ok.effect @needs:project
    Scenario: The unassigned asset has no parent project
      Given an asset
      And a project
      And the asset is assigned to the project
      When I unassign the asset
      Then unassigning the asset is answered 200 with an error

    @project.unassign.err-401.effect @needs:project
    Scenario Outline: A request <key> API key unassigns nothing
      Given an asset
      And a project
      And the asset is assigned to the project
      When I unassign the asset <key> API key
      Then the asset can be unassigned

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @project.unassign.only-it.effect @needs:project
    Scenario: After an unassignment another asset is still in a project
      Given an asset
      And a project
      And the asset is assigned to the project
      And another asset
      And the other asset is assigned to the project
      When I unassign the asset
      Then the other asset can be unassigned

    @project.unassign.kept.effect @needs:project
    Scenario: The unassigned asset is as before, and so are its comments
      Given an asset with {"title": "Sample Asset", "description": "Sample asset description.", "category": "test asset category", "tags": ["test", "tag"], "external_id": "${external id}"}
      And a project
      And the asset is assigned to the project
      And a comment "Sample comment for tests" on the asset
      And the asset was read
      When I unassign the asset
      Then the asset is unchanged
      And the comments read {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, "#and others"]}
