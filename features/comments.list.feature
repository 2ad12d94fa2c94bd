Feature: GET /api/v2/assets/:asset_id/comments
  All comments

  Rule: What it does

    @comments.list.ok
    Scenario: Successful request: the comment is listed with its author
      Given an asset
      And a comment "Sample comment for tests" on the asset
      When I list the comments
      Then the request succeeds with:
        """json
        {
          "comments": [
            {
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
            },
            "#and others"
          ]
        }
        """

  Rule: Refusals

    @comments.list.asset-not-found @comments.list.err-404
    Scenario: If :asset_id is not found: the error says so
      Given no asset has the id "not-found-id"
      When I list the comments
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @comments.list.other-users.effect @needs:another-users-comment
    Scenario: A comment by another user is listed, too
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      When I list the comments
      Then the request succeeds with {"comments": "#array"}
      And the comment is listed

    @comments.list.other-asset.effect
    Scenario: A comment on another asset is not listed
      Given an asset
      And a comment "Sample comment for tests" on another asset
      When I list the comments
      Then the request succeeds with {"comments": "#array"}
      And the comment is not listed

    @comments.list.any-script.effect
    Scenario Outline: A comment is listed as posted: <language>
      Given an asset
      And a comment "<text>" on the asset
      When I list the comments
      Then the request succeeds with {"comments": [{"id": "${comment id}", "message": "<text>"}, "#and others"]}

      Examples:
        | language | text                        |
        | German   | Grüße aus Köln, schönen Tag |
        | Japanese | ガーデンパーティーの動画                |
        | Arabic   | مرحبا بالعالم               |
        | emoji    | Take 🎬 action 🎞             |

    @comments.list.several.effect
    Scenario: All comments are listed, each with its own message
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And another comment "Another comment for tests" on the asset
      When I list the comments
      Then the request succeeds with:
        """json
        {"comments": [{"id": "${comment id}", "message": "Sample comment for tests"}, {"id": "${other comment id}",
          "message": "Another comment for tests"}, "#and others"]}
        """

    @comments.list.several.effect
    Scenario: All comments are listed, each under its own id
      Given an asset
      And a comment "Sample comment for tests" on the asset
      And another comment "Another comment for tests" on the asset
      When I list the comments
      Then the request succeeds with {"comments": [{"id": "${comment id}"}, {"id": "${other comment id}"}, "#and others"]}

    @comments.list.users.effect @needs:another-users-comment
    Scenario: Comments of two users have different users
      Given an asset
      And a comment "Sample comment for tests" on the asset by another user
      And another comment "Another comment for tests" on the asset
      When I list the comments
      Then the comment and the other comment have different users
