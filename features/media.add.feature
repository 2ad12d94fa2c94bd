Feature: POST /api/v2/assets/:asset_id/media
  Add media to asset

  Rule: What it does

    @media.add.ok-http
    Scenario: HTTP file URL: it is accepted
      Given an asset
      When I add media with:
        """json
        {
          "file_url": "http://www.example.com/jpgfile.jpg",
          "filename": "jpgfile.jpg"
        }
        """
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

    @media.add.ok-https
    Scenario: HTTPS file URL: it is accepted
      Given an asset
      When I add media with:
        """json
        {
          "file_url": "https://www.example.com/jpgfile.jpg",
          "filename": "jpgfile.jpg"
        }
        """
      Then the request succeeds with:
        """json
        {
          "ok": "ok"
        }
        """

  Rule: Parameters

    @media.add.param-file_url @media.add.err-422
    Scenario: file_url is required
      Given an asset
      When I add media with {"filename": "jpgfile.jpg"}
      Then the request is refused with 422 and a message that names "file_url"
      And the message is "Missing parameter file_url", if the wording is strict

    @media.add.valid-file_url
    Scenario Outline: file_url must be a String, not <value>
      Given an asset
      When I add media with {"file_url": <value>, "filename": "jpgfile.jpg"}
      Then the request is refused with 422 and a message that names "file_url"
      And the message begins "Invalid parameter 'file_url' value " and ends ": Must be a String", if the wording is strict

      Examples:
        | value |
        | 123   |
        | true  |
        | ["x"] |

    @media.add.param-filename
    Scenario: filename is required
      Given an asset
      When I add media with {"file_url": "http://www.example.com/jpgfile.jpg"}
      Then the request is refused with 422 and a message that names "filename"
      And the message is "Missing parameter filename", if the wording is strict

    @media.add.valid-filename
    Scenario Outline: filename must be a String, not <value>
      Given an asset
      When I add media with {"file_url": "http://www.example.com/jpgfile.jpg", "filename": <value>}
      Then the request is refused with 422 and a message that names "filename"
      And the message begins "Invalid parameter 'filename' value " and ends ": Must be a String", if the wording is strict

      Examples:
        | value |
        | 123   |
        | true  |
        | ["x"] |

  Rule: Refusals

    @media.add.invalid-url
    Scenario: Invalid file URL: it is refused
      Given an asset
      When I add media with:
        """json
        {
          "file_url": "/local/downloads/myfile.jpg",
          "filename": "myfile.jpg"
        }
        """
      Then the request is refused with 400 "not a valid HTTP URL"

    @media.add.err-404
    Scenario: Not found: an unknown asset is not found
      Given no asset has the id "not-found-id"
      When I add media with {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"}
      Then the request is refused with 404 and a message

  Rule: Effects

    @media.add.invalid-url.effect
    Scenario: An invalid file URL adds no media
      Given an asset
      When I add media with {"file_url": "/local/downloads/myfile.jpg", "filename": "myfile.jpg"}
      Then the media reads {"media": []}

    @media.add.err-401.effect
    Scenario Outline: A request <key> API key adds no media
      Given an asset
      When I add media <key> API key, with {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"}
      Then the media reads {"media": []}

      Examples:
        | key             |
        | without an      |
        | with an unknown |

    @media.add.only-it.effect
    Scenario: Another asset gets no media
      Given an asset
      And another asset
      When I add media with {"file_url": "https://www.example.com/jpgfile.jpg", "filename": "jpgfile.jpg"}
      Then the other media reads {"media": []}
