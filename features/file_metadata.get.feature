Feature: GET /api/v2/assets/:asset_id/file_metadata
  Get file metadata for asset's original file. Includes EXIF/IPTC/XMP metadata and mediainfo.

  @file_metadata.get.err-401 @file_metadata.get.hdr-x-api-key
  Scenario Outline: Unauthorized <key> API key
    Given an asset
    And the file metadata was read
    When I get the file metadata <key> API key
    Then the request is refused with 401

    Examples:
      | key             |
      | without an      |
      | with an unknown |

  @file_metadata.get.err-404
  Scenario: Not found
    Given the asset "not-found-id"
    When I get the file metadata
    Then the request is refused with 404 and a message

  @file_metadata.get.err-500
  Scenario: Internal Server Error
    Given an asset
    And an internal failure
    When I get the file metadata
    Then the request is refused with 500

  @file_metadata.get.deleted-asset.effect
  Scenario: An asset that was deleted is not found
    Given an asset
    And the file metadata was read
    And the asset was deleted
    When I get the file metadata
    Then the request is refused with 404 and a message

  @file_metadata.get.existing.effect
  Scenario: An existing asset makes no server fail
    Given an asset
    When I get the file metadata
    Then the answer is no server error
