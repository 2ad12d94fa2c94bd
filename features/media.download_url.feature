Feature: GET /api/v2/assets/:asset_id/media/:media_id/download_url
  Get media download URL

  Rule: What it does

    @media.download_url.ok @needs:media-file-on-the-asset
    Scenario: Successful request: the answer has a url, whatever its value
      Given an asset
      And a media file on the asset
      When I get the download URL with "filename=test.png"
      Then the request succeeds with:
        """json
        {
          "url": "#anything"
        }
        """

  Rule: Parameters

    @media.download_url.param-filename @media.download_url.err-422 @needs:media-file-on-the-asset
    Scenario: filename is required
      Given an asset
      And a media file on the asset
      When I get the download URL
      Then the request is refused with 422 and a message that names "filename"
      And the message is "Missing parameter filename", if the wording is strict

  Rule: Refusals

    @media.download_url.asset-not-found @media.download_url.err-404
    Scenario: Failed request, asset not found: the error says so
      Given no asset has the id "not_found_id"
      When I get the download URL "2" with "filename=test.png"
      Then the request is refused with 404 "asset not found"

    @media.download_url.media-not-found
    Scenario: Failed request, media not found: the error says so
      Given an asset
      When I get the download URL "not_found_id" with "filename=test.png"
      Then the request is refused with 404 and a message
      And the message is "Couldn't find Media with 'id'=not_found_id [WHERE \"media\".\"asset_id\" = $1]", unless the wording is lenient

  Rule: Effects

    @media.download_url.other-asset.effect @needs:media-file-on-the-asset
    Scenario: A media file on another asset is not found under this one
      Given an asset
      And a media file on another asset
      And the download URL was read at the other asset with "filename=test.png"
      When I get the download URL with "filename=test.png"
      Then the request is refused with 404 and a message
