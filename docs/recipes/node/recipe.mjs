// A mock in a container, for tests in JavaScript: npm install testcontainers
import assert from "node:assert/strict";
import { GenericContainer, Wait } from "testcontainers";

const image = process.env.POCKETCHECK_IMAGE ?? "ghcr.io/pocketcheck/pocketcheck:0.1.0";
const key = { "X-API-KEY": "pocketcheck-admin-key", "Content-Type": "application/json" };
const token = { Authorization: "Bearer tests", "Content-Type": "application/json" };

const mock = await new GenericContainer(image)
  .withEnvironment({ POCKETCHECK_CONTROL: "0.0.0.0:9001", POCKETCHECK_CONTROL_TOKEN: "tests" })
  .withExposedPorts(8080, 9001)
  .withWaitStrategy(Wait.forHealthCheck())
  .start();
try {
  const api = `http://${mock.getHost()}:${mock.getMappedPort(8080)}`;
  const levers = `http://${mock.getHost()}:${mock.getMappedPort(9001)}`;

  const created = await fetch(`${api}/api/v2/assets`, { method: "POST", headers: key, body: JSON.stringify({ title: "From Node" }) });
  assert.equal(created.status, 200);
  const { asset } = await created.json();

  const limit = { user: "admin@example.com", endpoint: "GET *", status: 429, retry_after: 3, times: 1 };
  assert.ok((await fetch(`${levers}/rules`, { method: "POST", headers: token, body: JSON.stringify(limit) })).ok);
  const limited = await fetch(`${api}/api/v2/assets/${asset.id}`, { headers: key });
  assert.deepEqual([limited.status, limited.headers.get("Retry-After")], [429, "3"]);
  assert.equal((await fetch(`${api}/api/v2/assets/${asset.id}`, { headers: key })).status, 200);

  const { verdict } = await (await fetch(`${levers}/client`, { headers: token })).json();
  assert.equal(verdict, "partial");
  console.log("node:", verdict);
} finally {
  await mock.stop();
}
