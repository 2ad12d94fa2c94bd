Feature: POST /api/v2/assets/:asset_id/comments
  Create comment

  Rule: What it does

    @comments.create.ok
    Scenario: Successful request: the new comment is returned with its author
      Given an asset
      When I create a comment with:
        """json
        {
          "comment": "new comment"
        }
        """
      Then the request succeeds with:
        """json
        {
          "comment": {
            "id": "#number",
            "message": "new comment",
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

    @comments.create.param-comment @comments.create.err-422
    Scenario: comment is required
      Given an asset
      When I create a comment with {}
      Then the request is refused with 422 and a message that names "comment"
      And the message is "Missing parameter comment", if the wording is strict

    @comments.create.valid-comment
    Scenario Outline: comment must be a String, not <value>
      Given an asset
      When I create a comment with {"comment": <value>}
      Then the request is refused with 422 and a message that names "comment"
      And the message begins "Invalid parameter 'comment' value " and ends ": Must be a String", if the wording is strict

      Examples:
        | value |
        | 123   |
        | true  |
        | ["x"] |

  Rule: Refusals

    @comments.create.asset-not-found @comments.create.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I create a comment with:
        """json
        {
          "comment": "new comment"
        }
        """
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @comments.create.ok.effect
    Scenario: The new comment reads as sent
      Given an asset
      When I create a comment with {"comment": "new comment"}
      Then the comment reads {"comment": {"id": "${comment id}", "message": "new comment"}}

    @comments.create.any-script.effect
    Scenario Outline: A comment is kept as sent: <language>
      Given an asset
      When I create a comment with {"comment": "<text>"}
      Then the request succeeds with {"comment": {"message": "<text>"}}
      And the comment reads {"comment": {"message": "<text>"}}

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |

    @comments.create.any-script.effect
    Scenario: A comment is kept as sent: quotes, an ampersand, a backslash and a newline
      Given an asset
      When I create a comment with {"comment": "\"quoted\" & it's a \\ backslash\nand a second line"}
      Then the request succeeds with {"comment": {"message": "\"quoted\" & it's a \\ backslash\nand a second line"}}
      And the comment reads {"comment": {"message": "\"quoted\" & it's a \\ backslash\nand a second line"}}

    @comments.create.any-script.effect
    Scenario: A comment in several scripts, with a second line, reads as sent
      Given an asset
      When I create a comment with {"comment": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}
      Then the comment reads {"comment": {"message": "Grüße, 東京, مرحبا 🎬: \"quoted\" & it's a \\ backslash\nand a second line"}}

    @comments.create.err-401.effect
    Scenario Outline: A request <key> API key makes no comment
      Given an asset
      When I create a comment <key> API key, with {"comment": "new comment"}
      Then the comments read {"comments": []}

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @comments.create.listed.effect
    Scenario: The new comment is listed
      Given an asset
      And the comments were read
      When I create a comment with {"comment": "new comment"}
      Then the comment reads {"comment": {"id": "${comment id}"}}
      And the comment is listed

    @comments.create.same-user.effect
    Scenario: Two comments of one caller have the same user
      Given an asset
      And another comment "Another comment for tests" on the asset
      When I create a comment with {"comment": "new comment"}
      Then the comment and the other comment have the same user

    @comments.create.other-user.effect @needs:another-user
    Scenario: Comments of two users have different users
      Given an asset
      And another comment "Another comment for tests" on the asset
      And another user
      When I create a comment with another user's API key, with {"comment": "new comment"}
      Then the comment and the other comment have different users
