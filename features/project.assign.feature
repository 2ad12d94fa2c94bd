Feature: POST /api/v2/assets/:asset_id/assign
  Assign asset to project

  Rule: What it does

    @project.assign.ok @needs:project
    Scenario: Successful request: the assignment is confirmed
      Given an asset
      And a project
      When I assign the asset with:
        """json
        {
          "to_project_id": "${project id}"
        }
        """
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

    @project.assign.already-has-parent @needs:project
    Scenario: Asset already has a parent project: the assignment is confirmed all the same
      Given an asset
      And a project
      And the asset is assigned to the project
      And another project
      When I assign the asset with:
        """json
        {
          "to_project_id": "${other project id}"
        }
        """
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

  Rule: Parameters

    @project.assign.param-to_project_id @project.assign.err-422
    Scenario: to_project_id is required
      Given an asset
      When I assign the asset with {}
      Then the request is refused with 422 and a message that names "to_project_id"
      And the message is "Missing parameter to_project_id", if the wording is strict

    @project.assign.valid-to_project_id
    Scenario Outline: to_project_id must be a String, not <value>
      Given an asset
      When I assign the asset with {"to_project_id": <value>}
      Then the request is refused with 422 and a message that names "to_project_id"
      And the message begins "Invalid parameter 'to_project_id' value " and ends ": Must be a String", if the wording is strict

      Examples:
        | value |
        | 123   |
        | true  |
        | ["x"] |

  Rule: Refusals

    @project.assign.asset-not-found @project.assign.err-404
    Scenario: Invalid request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I assign the asset without a body
      Then the request is refused with 404 "asset not found"

    @project.assign.project-not-found
    Scenario: Invalid to_project_id parameter: the project is not found
      Given an asset
      When I assign the asset with:
        """json
        {
          "to_project_id": "not-found-id"
        }
        """
      Then the request is answered 200 with the error "Project not found."

    @project.assign.self
    Scenario: Trying to assign asset to self: no such project is found
      Given an asset
      When I assign the asset with:
        """json
        {
          "to_project_id": "${asset id}"
        }
        """
      Then the request is answered 200 with the error "Project not found."

  Rule: Effects

    @project.assign.ok.effect @needs:project
    Scenario: The assigned asset can be unassigned
      Given an asset
      And a project
      When I assign the asset with {"to_project_id": "${project id}"}
      Then the asset can be unassigned

    @project.assign.project-not-found.effect
    Scenario: An asset that is assigned to an unknown project still has no parent project
      Given an asset
      When I assign the asset with {"to_project_id": "not-found-id"}
      Then unassigning the asset is answered 200 with the error "${asset id} does not have a parent project"

    @project.assign.already-has-parent.effect @needs:project
    Scenario: An asset that is assigned to a second project can be unassigned
      Given an asset
      And a project
      And the asset is assigned to the project
      And another project
      When I assign the asset with {"to_project_id": "${other project id}"}
      Then the asset can be unassigned

    @project.assign.err-401.effect @needs:project
    Scenario Outline: A request <key> API key assigns nothing
      Given an asset
      And a project
      When I assign the asset <key> API key, with {"to_project_id": "${project id}"}
      Then unassigning the asset is answered 200 with an error

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @project.assign.only-it.effect @needs:project
    Scenario: After an assignment another asset is still in a project
      Given an asset
      And a project
      And another asset
      And the other asset is assigned to the project
      When I assign the asset with {"to_project_id": "${project id}"}
      Then the other asset can be unassigned

    @project.assign.kept.effect @needs:project
    Scenario: The assigned asset is as before, and so are its comments
      Given an asset with {"title": "Sample Asset", "description": "Sample asset description.", "category": "test asset category", "tags": ["test", "tag"], "external_id": "${external id}"}
      And a comment "Sample comment for tests" on the asset
      And a project
      And the asset was read
      When I assign the asset with {"to_project_id": "${project id}"}
      Then the asset is unchanged
      And the comments read {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, "#and others"]}
