Feature: GET /api/v2/assets/:asset_id/media
  Get asset media and preview URLs

  @media.list.ok @media.list.param-include_locations
  Scenario: Successful request
    Given an asset
    When I list the media
    Then the request succeeds with:
      """json
      {
        "media": []
      }
      """

  @media.list.ok-locations
  Scenario: Successful request with media locations included
    Given an asset
    When I list the media with "include_locations=true"
    Then the request succeeds with:
      """json
      {
        "media": []
      }
      """

  @media.list.asset-not-found @media.list.err-404
  Scenario: Failed request
    Given the asset "not_found_id"
    When I list the media
    Then the request is refused with 404 "asset not found"

  @media.list.err-401 @media.list.hdr-x-api-key
  Scenario Outline: Unauthorized <key> API key
    Given an asset
    And the media was read
    When I list the media <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @media.list.err-500
  Scenario: Internal Server Error
    Given an asset
    And an internal failure
    When I list the media
    Then the request is refused with 500

  @media.list.deleted-asset.effect
  Scenario: An asset that was deleted is not found
    Given an asset
    And the media was read
    And the asset was deleted
    When I list the media
    Then the request is refused with 404 and a message

  @media.list.some.effect
  Scenario: A media file on the asset is listed
    Given an asset
    And a media file on the asset
    When I list the media
    Then the request succeeds with:
      """json
      {
        "media": [
          "<anything>",
          "<and others>"
        ]
      }
      """
