Feature: POST /api/v2/assets/:asset_id/comments/:comment_id
  Update comment

  Rule: What it does

    @comments.update.ok
    Scenario: Successful request: the comment is returned as updated
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I update the comment with:
        """json
        {
          "comment": "new updated comment"
        }
        """
      Then the request succeeds with:
        """json
        {
          "comment": {
            "message": "new updated comment",
            "id": "${comment id}",
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

  Rule: Parameters

    @comments.update.param-comment @comments.update.err-422
    Scenario: comment is required
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I update the comment with {}
      Then the request is refused with 422 and a message that names "comment"
      And the message is "Missing parameter comment", if the wording is strict

    @comments.update.valid-comment
    Scenario Outline: comment must be a String, not <value>
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I update the comment with {"comment": <value>}
      Then the request is refused with 422 and a message that names "comment"
      And the message begins "Invalid parameter 'comment' value " and ends ": Must be a String", if the wording is strict

      Examples:
        | value |
        | 123   |
        | true  |
        | ["x"] |

  Rule: Refusals

    @comments.update.asset-not-found @comments.update.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I update the comment "4" with:
        """json
        {
          "comment": "new updated comment"
        }
        """
      Then the request is refused with 404 "asset not found"

    @comments.update.comment-not-found
    Scenario: If :comment_id is not found: the error says so
      Given an asset
      When I update the comment "not-found-id" with:
        """json
        {
          "comment": "new updated comment"
        }
        """
      Then the request is refused with 404 and a message
      And the message is "Couldn't find Comment with 'id'=not-found-id [WHERE \"comments\".\"target_id\" = $1 AND \"comments\".\"target_type\" = $2]", unless the wording is lenient

  Rule: Who may ask

    @comments.update.not-owner @needs:another-users-comment
    Scenario: If current user is not an owner of the comment: that user may not update it
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      When I update the comment with:
        """json
        {
          "comment": "new updated comment"
        }
        """
      Then the request is refused with 403 "Not allowed to perform this action"

  Rule: Effects

    @comments.update.ok.effect
    Scenario: The comment reads as updated
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And the comment was read
      When I update the comment with {"comment": "new updated comment"}
      Then the comment reads {"comment": {"id": "${comment id}", "message": "new updated comment"}}

    @comments.update.not-owner.effect @needs:another-users-comment
    Scenario: Another user's comment reads as before
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      And the comment was read
      When I update the comment with {"comment": "new updated comment"}
      Then the comment is unchanged

    @comments.update.other-asset.effect
    Scenario: A comment on another asset is not found under this one
      Given an asset
      And a comment "Sample comment for tests" on another asset
      And the comment was read at the other asset
      When I update the comment with {"comment": "new updated comment"}
      Then the request is refused with 404 and a message

    @comments.update.only-it.effect
    Scenario: Another comment on the asset reads as before
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And another comment "Another comment for tests" on the asset
      When I update the comment with {"comment": "new updated comment"}
      Then the other comment reads {"comment": {"message": "Another comment for tests"}}

    @comments.update.any-script.effect
    Scenario Outline: A comment is kept as sent: <language>
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And the comment was read
      When I update the comment with {"comment": "<text>"}
      Then the request succeeds with {"comment": {"message": "<text>"}}
      And the comment reads {"comment": {"message": "<text>"}}

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |

    @comments.update.any-script.effect
    Scenario: A comment is kept as sent: quotes, an ampersand, a backslash and a newline
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And the comment was read
      When I update the comment with {"comment": "\"quoted\" & it's a \\ backslash\nand a second line"}
      Then the request succeeds with {"comment": {"message": "\"quoted\" & it's a \\ backslash\nand a second line"}}
      And the comment reads {"comment": {"message": "\"quoted\" & it's a \\ backslash\nand a second line"}}

    @comments.update.any-script.effect
    Scenario: A comment in several scripts, with a second line, reads as sent
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And the comment was read
      When I update the comment with {"comment": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}
      Then the comment reads {"comment": {"message": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}

    @comments.update.err-401.effect
    Scenario Outline: A request <key> API key leaves the comment as it was
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I update the comment <key> API key, with {"comment": "new updated comment"}
      Then the comment reads {"comment": {"id": "${comment id}", "message": "Sample comment for tests"}}

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @comments.update.listed.effect
    Scenario: The comment is listed as updated
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And the comments were read
      When I update the comment with {"comment": "new updated comment"}
      Then the comments read {"comments": [{"id": "${comment id}", "message": "new updated comment"}, "#and others"]}
