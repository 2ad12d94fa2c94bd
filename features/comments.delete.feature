Feature: DELETE /api/v2/assets/:asset_id/comments/:comment_id
  Delete comment

  Rule: What it does

    @comments.delete.ok
    Scenario: Successful request: the deletion is confirmed
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I delete the comment
      Then the request succeeds with:
        """json
        {
          "ok": "comment deleted"
        }
        """

  Rule: Refusals

    @comments.delete.asset-not-found @comments.delete.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I delete the comment "7"
      Then the request is refused with 404 "asset not found"

    @comments.delete.comment-not-found
    Scenario: If :comment_id is not found: the error says so
      Given an asset
      When I delete the comment "not-found-id"
      Then the request is refused with 404 and a message
      And the message is "Couldn't find Comment with 'id'=not-found-id [WHERE \"comments\".\"target_id\" = $1 AND \"comments\".\"target_type\" = $2]", unless the wording is lenient

  Rule: Who may ask

    @comments.delete.not-owner @needs:another-users-comment
    Scenario: If current user is not an owner of the comment: that user may not delete it
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      When I delete the comment
      Then the request is refused with 403 "Not allowed to perform this action"

  Rule: Effects

    @comments.delete.ok.effect
    Scenario: The deleted comment is neither found nor listed
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And the comment was read
      And the comments were read
      When I delete the comment
      Then reading the comment is refused with 404
      And the comment is not listed

    @comments.delete.not-owner.effect @needs:another-users-comment
    Scenario: Another user's comment is still there
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      When I delete the comment
      Then the comment reads {"comment": {"id": "${comment id}"}}

    @comments.delete.other-asset.effect
    Scenario: A comment on another asset is not found under this one
      Given an asset
      And a comment "Sample comment for tests" on another asset
      And the comment was read at the other asset
      When I delete the comment
      Then the request is refused with 404 and a message

    @comments.delete.only-it.effect
    Scenario: Another comment on the asset reads as before
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And another comment "Another comment for tests" on the asset
      When I delete the comment
      Then the other comment reads {"comment": {"message": "Another comment for tests"}}

    @comments.delete.err-401.effect
    Scenario Outline: A request <key> API key leaves the comment as it was
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I delete the comment <key> API key
      Then the comment reads {"comment": {"id": "${comment id}", "message": "Sample comment for tests"}}

      Examples:
        | key             |
        | without an      |
        | with an unknown |
