"""A mock in a container, for tests in Python: pip install testcontainers requests."""

import os

import requests
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HealthcheckWaitStrategy

IMAGE = os.environ.get("POCKETCHECK_IMAGE", "ghcr.io/pocketcheck/pocketcheck:0.1.0")
KEY = {"X-API-KEY": "pocketcheck-admin-key", "Content-Type": "application/json"}
TOKEN = {"Authorization": "Bearer tests"}

mock = (
    DockerContainer(IMAGE)
    .with_env("POCKETCHECK_CONTROL", "0.0.0.0:9001")
    .with_env("POCKETCHECK_CONTROL_TOKEN", "tests")
    .with_exposed_ports(8080, 9001)
    .waiting_for(HealthcheckWaitStrategy())
)
with mock:
    host = mock.get_container_host_ip()
    api = f"http://{host}:{mock.get_exposed_port(8080)}"
    levers = f"http://{host}:{mock.get_exposed_port(9001)}"

    created = requests.post(api + "/api/v2/assets", headers=KEY, json={"title": "From Python"}, timeout=10)
    assert created.status_code == 200, created.text

    limit = {"user": "admin@example.com", "endpoint": "GET *", "status": 429, "retry_after": 3, "times": 1}
    assert requests.post(levers + "/rules", headers=TOKEN, json=limit, timeout=10).status_code == 200
    asset = f"{api}/api/v2/assets/{created.json()['asset']['id']}"
    limited = requests.get(asset, headers=KEY, timeout=10)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3"), limited.text
    assert requests.get(asset, headers=KEY, timeout=10).status_code == 200

    verdict = requests.get(levers + "/client", headers=TOKEN, timeout=10).json()
    assert verdict["verdict"] == "partial", verdict
    print("python:", verdict["verdict"])
