Feature: GET /api/v2/assets/:asset_id/collections
  Get collections that the asset belongs to

  @collections.list.asset-not-found @collections.list.err-404
  Scenario: Failed request
    Given the asset "not-found-id"
    When I list the collections
    Then the request is refused with 404 "asset not found"

  @collections.list.ok
  Scenario: Succesful request
    Given an asset
    And a collection with the asset
    When I list the collections
    Then the request succeeds with:
      """json
      {
        "collections": [
          {
            "id": "<collection id>",
            "title": "<string>",
            "description": "<string or null>",
            "category": "<anything>",
            "tags": "<array>",
            "owner": "<string>",
            "media_type": "collection",
            "isPublic": "<boolean>",
            "created_date": "<timestamp>",
            "modification_date": "<timestamp>",
            "original_title": "<string>"
          },
          "<and others>"
        ]
      }
      """

  @collections.list.err-401 @collections.list.hdr-x-api-key
  Scenario Outline: Unauthorized <key> API key
    Given an asset
    And the collections were read
    When I list the collections <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @collections.list.err-500
  Scenario: Internal Server Error
    Given an asset
    And an internal failure
    When I list the collections
    Then the request is refused with 500

  @collections.list.other-asset.effect
  Scenario: A collection with another asset is not listed
    Given an asset
    And a collection with another asset
    When I list the collections
    Then the request succeeds with:
      """json
      {
        "collections": "<array>"
      }
      """
    And the collection is not listed

  @collections.list.deleted-asset.effect
  Scenario: An asset that was deleted is not found
    Given an asset
    And the collections were read
    And the asset was deleted
    When I list the collections
    Then the request is refused with 404 and a message
