Feature: GET /api/v2/assets/:asset_id/media
  Get asset media and preview URLs

  Rule: What it does

    @media.list.ok @media.list.param-include_locations
    Scenario: Successful request: a new asset has no media, and include_locations is optional
      Given an asset
      When I list the media
      Then the request succeeds with:
        """json
        {
          "media": []
        }
        """

    @media.list.ok-locations
    Scenario: Successful request with media locations included: a new asset has no media
      Given an asset
      When I list the media with "include_locations=true"
      Then the request succeeds with:
        """json
        {
          "media": []
        }
        """

  Rule: Refusals

    @media.list.asset-not-found @media.list.err-404
    Scenario: Failed request: an unknown asset is not found
      Given no asset has the id "not_found_id"
      When I list the media
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @media.list.some.effect @needs:media-file-on-the-asset
    Scenario: A media file on the asset is listed
      Given an asset
      And a media file on the asset
      When I list the media
      Then the request succeeds with {"media": ["#anything", "#and others"]}
