"""Talks to the mock by the client that openapi-python-client made: talks.py API."""

import sys

from generated import AuthenticatedClient
from generated.api.assets import assets_create, assets_get
from generated.api.comments import comments_create, comments_list
from generated.models import AssetsCreateBody, CommentsCreateBody, Error

client = AuthenticatedClient(
    base_url=sys.argv[1], token="pocketcheck-admin-key", prefix="", auth_header_name="X-API-KEY",
    headers={"Content-Type": "application/json"},
)
created = assets_create.sync(client=client, body=AssetsCreateBody(title="Generated", tags=["a", "b"]))
asset = created.asset
assert asset.title == "Generated" and asset.tags == ["a", "b"] and asset.deleted is None, asset
assert assets_get.sync(asset.id, client=client).asset == asset
assert comments_create.sync(asset.id, client=client, body=CommentsCreateBody(comment="Hello")).comment.message == "Hello"
assert [c.message for c in comments_list.sync(asset.id, client=client).comments] == ["Hello"]
missing = assets_get.sync("not-found-id", client=client)
assert isinstance(missing, Error) and missing.error == "asset not found", missing
print("generated: the client talks to the mock")
