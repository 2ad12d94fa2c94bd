Feature: GET /api/v2/assets/:asset_id/file_metadata
  Get file metadata for asset's original file. Includes EXIF/IPTC/XMP metadata and mediainfo.

  Rule: Refusals

    @file_metadata.get.err-404
    Scenario: Not found: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I get the file metadata
      Then the request is refused with 404 and a message

  Rule: Effects

    @file_metadata.get.existing.effect
    Scenario: To ask for the file metadata of an existing asset is no server error
      Given an asset
      When I get the file metadata
      Then the answer is no server error
