Feature: GET /api/v2/assets/:asset_id/comments/:comment_id
  Get comment by ID

  Rule: What it does

    @comments.get.ok
    Scenario: Successful request: the comment is returned with its author
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I get the comment
      Then the request succeeds with:
        """json
        {
          "comment": {
            "id": "${comment id}",
            "message": "Sample comment for tests",
            "updated_at": "#timestamp",
            "user": {
              "id": "#number",
              "email": "#string",
              "first_name": "#anything",
              "last_name": "#anything",
              "avatar_url": "#anything"
            },
            "mentioned_users": "#array"
          }
        }
        """

  Rule: Refusals

    @comments.get.asset-not-found @comments.get.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I get the comment "10"
      Then the request is refused with 404 "asset not found"

    @comments.get.comment-not-found
    Scenario: If :comment_id is not found: the error says so
      Given an asset
      When I get the comment "not-found-id"
      Then the request is refused with 404 and a message
      And the message is "Couldn't find Comment with 'id'=not-found-id [WHERE \"comments\".\"target_id\" = $1 AND \"comments\".\"target_type\" = $2]", unless the wording is lenient

  Rule: Effects

    @comments.get.other-asset.effect
    Scenario: A comment on another asset is not found under this one
      Given an asset
      And a comment "Sample comment for tests" on another asset
      And the comment was read at the other asset
      When I get the comment
      Then the request is refused with 404 and a message

    @comments.get.any-script.effect
    Scenario Outline: A comment reads as posted: <language>
      Given an asset
      And a comment "<text>" on the asset
      When I get the comment
      Then the request succeeds with {"comment": {"message": "<text>"}}

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |

    @comments.get.other-users.effect @needs:another-users-comment
    Scenario: A comment by another user is returned, too
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      When I get the comment
      Then the request succeeds with {"comment": {"id": "${comment id}"}}
