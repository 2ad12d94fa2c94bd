"""A client in Python that works every lever of a mock: levers.py API CONTROL."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

API, CONTROL = sys.argv[1:]
ADMIN = {"X-API-KEY": "pocketcheck-admin-key"}
SAMPLE = "/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm"


def send(base, method, path, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return answer.status, text
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def api(method, path, body=None, key=ADMIN, **headers):
    status, text = send(API, method, path, body, {**key, **headers})
    return status, json.loads(text) if text else None


def lever(method, path, body=None, want=200):
    status, text = send(CONTROL, method, path, body)
    assert status == want, (method, path, status, text)
    return json.loads(text) if text[:1] in b"{[" else text.decode()


# Rows.
created = api("POST", "/api/v2/assets", {"title": "Mine"})[1]["asset"]["id"]
rows = lever("GET", "/snapshot")
assert any(a["id"] == created for a in rows["assets"])
lever("POST", "/seed", {"assets": [{"id": "more", "owner": "admin@example.com", "title": "More"}]})
assert api("GET", "/api/v2/assets/more")[0] == 200
lever("PUT", "/snapshot", rows)
assert api("GET", "/api/v2/assets/more")[0] == 404

# Callers, and what one of them made.
caller = lever("POST", "/keys", {"permissions": ["ACTIONS_VIEW"]})
key = {"X-API-KEY": caller["api_key"]}
theirs = api("POST", "/api/v2/assets", {"title": "Theirs"}, key)[1]["asset"]["id"]
assert any(k["user"] == "admin@example.com" for k in lever("GET", "/keys")["keys"])
lever("POST", "/reset", {"user": caller["user"]})
assert api("GET", f"/api/v2/assets/{theirs}", key=key)[0] == 404
assert api("GET", f"/api/v2/assets/{created}")[0] == 200

# The clock.
assert api("POST", f"/api/v2/assets/{created}/trash_bin")[0] == 200
before = lever("GET", "/clock")["now"]
assert lever("POST", "/clock/advance", {"days": 15})["now"] > before
assert api("GET", f"/api/v2/assets/{created}")[0] == 404
assert lever("PUT", "/clock", {"now": "2030-01-31T12:00:00Z", "frozen": True})["frozen"]

# Provider states.
assert api("GET", SAMPLE, key={"X-API-KEY": lever("POST", "/states", {"state": "another user"})["api_key"]})[0] == 200

# Rules.
rule = lever("POST", "/rules", {"user": "admin@example.com", "endpoint": "GET *", "status": 429, "retry_after": 3, "times": 1})
assert api("GET", SAMPLE)[0] == 429 and api("GET", SAMPLE)[0] == 200
assert lever("GET", "/rules")["rules"][0]["hits"] == 1
lever("DELETE", "/rules/" + rule["id"])
lever("DELETE", "/rules")
assert lever("POST", "/rules", {"status": 500}, want=400)["error"]

# Faults.
name = next(f["name"] for f in lever("GET", "/faults")["faults"] if f["fact"] == "assets.get.not-found")
lever("PUT", "/faults", {"on": [name]})
assert [f["name"] for f in lever("GET", "/faults")["faults"] if f["on"]] == [name]
lever("PUT", "/faults", {"on": []})

# The journal, and the verdict.
api("POST", "/api/v2/assets", {"titel": "x"})
wrong = lever("GET", "/journal?" + urllib.parse.urlencode({"wrong": "true", "user": "admin@example.com", "wait": "3s", "count": 1}))["entries"]
assert "title is missing" in wrong[-1]["wrong"][0]["text"], wrong
assert lever("GET", "/journal?format=har")["log"]["version"] == "1.2"
with urllib.request.urlopen(CONTROL + "/journal/stream?wrong=true", timeout=30) as stream:
    while not (line := stream.readline()).startswith(b"data: "):
        pass
    assert json.loads(line[6:])["number"] == wrong[0]["number"]
assert lever("GET", "/client")["verdict"] == "non-conformant"
for form in ["text", "junit", "markdown", "html"]:
    assert "assets.create.param-title" in lever("GET", "/client?format=" + form)
lever("DELETE", "/journal")
assert lever("GET", "/client")["verdict"] == "inconclusive"
assert lever("GET", "/openapi.json")["openapi"]

# All as at the start.
lever("POST", "/reset", {})
assert lever("GET", "/clock")["frozen"] is False
print("python: every lever works")
