Feature: GET /api/v2/assets/:asset_id/collections
  Get collections that the asset belongs to

  Rule: What it does

    @collections.list.ok @needs:collection-with-the-asset
    Scenario: Successful request: the collection with the asset is listed
      Given an asset
      And a collection with the asset
      When I list the collections
      Then the request succeeds with:
        """json
        {
          "collections": [
            {
              "id": "${collection id}",
              "title": "#string",
              "description": "#string or null",
              "category": "#anything",
              "tags": "#array",
              "owner": "#string",
              "media_type": "collection",
              "isPublic": "#boolean",
              "created_date": "#timestamp",
              "modification_date": "#timestamp",
              "original_title": "#string"
            },
            "#and others"
          ]
        }
        """

  Rule: Refusals

    @collections.list.asset-not-found @collections.list.err-404
    Scenario: Failed request: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I list the collections
      Then the request is refused with 404 "asset not found"

  Rule: Effects

    @collections.list.other-asset.effect @needs:collection-with-the-asset
    Scenario: A collection with another asset is not listed
      Given an asset
      And a collection with another asset, and not with the asset
      When I list the collections
      Then the request succeeds with {"collections": "#array"}
      And the collection is not listed
