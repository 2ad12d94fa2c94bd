// A client in JavaScript that works every lever of a mock: node levers.mjs API CONTROL
import assert from 'node:assert/strict'

const [api, control] = process.argv.slice(2)
const sample = '/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm'

async function send(base, method, path, body, key) {
  const headers = { 'Content-Type': 'application/json' }
  if (key) headers['X-API-KEY'] = key
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, body: /^[[{]/.test(text) ? JSON.parse(text) : text }
}
const client = (method, path, body, key = 'pocketcheck-admin-key') => send(api, method, path, body, key)
async function lever(method, path, body, want = 200) {
  const { status, body: got } = await send(control, method, path, body)
  assert.equal(status, want, `${method} ${path}: ${JSON.stringify(got)}`)
  return got
}

// Rows.
const created = (await client('POST', '/api/v2/assets', { title: 'Mine' })).body.asset.id
const rows = await lever('GET', '/snapshot')
await lever('POST', '/seed', { assets: [{ id: 'more', owner: 'admin@example.com', title: 'More' }] })
assert.equal((await client('GET', '/api/v2/assets/more')).status, 200)
await lever('PUT', '/snapshot', rows)
assert.equal((await client('GET', '/api/v2/assets/more')).status, 404)

// Callers, and what one of them made.
const caller = await lever('POST', '/keys', {})
const theirs = (await client('POST', '/api/v2/assets', { title: 'Theirs' }, caller.api_key)).body.asset.id
await lever('POST', '/reset', { api_key: caller.api_key })
assert.equal((await client('GET', `/api/v2/assets/${theirs}`)).status, 404)
assert.ok((await lever('GET', '/keys')).keys.some((k) => k.user === caller.user))

// The clock.
await client('POST', `/api/v2/assets/${created}/trash_bin`)
await lever('POST', '/clock/advance', { days: 15 })
assert.equal((await client('GET', `/api/v2/assets/${created}`)).status, 404)
assert.ok((await lever('PUT', '/clock', { now: '2030-01-31T12:00:00Z', frozen: true })).frozen)
assert.match((await lever('GET', '/clock')).now, /^2030-01-31T12:00:00/)

// Provider states.
assert.ok((await lever('POST', '/states', { state: 'a project' })).project_id)

// Rules: a connection that ends, then all is well.
const rule = await lever('POST', '/rules', { user: 'admin@example.com', endpoint: 'GET *', break: 'drop' })
await assert.rejects(client('GET', sample))
assert.ok((await lever('GET', '/rules')).rules[0].hits > 0)
await lever('DELETE', `/rules/${rule.id}`)
await lever('DELETE', '/rules?user=admin%40example.com')
assert.equal((await client('GET', sample)).status, 200)

// Faults.
const { faults } = await lever('GET', '/faults')
await lever('PUT', '/faults', { on: [faults[0].name] })
assert.equal((await lever('GET', '/faults')).faults.filter((f) => f.on).length, 1)
await lever('PUT', '/faults', { on: [] })

// The journal, and the verdict.
await client('POST', '/api/v2/assets', { titel: 'x' })
const wrong = (await lever('GET', '/journal?wrong=true&wait=3s&count=1')).entries
assert.match(wrong.at(-1).wrong[0].text, /title is missing/)
assert.equal((await lever('GET', '/journal?format=har')).log.version, '1.2')
const stream = await fetch(`${control}/journal/stream?wrong=true`)
const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader()
for (let text = ''; !/^data: /m.test(text); text += (await reader.read()).value);
await reader.cancel()
assert.equal((await lever('GET', '/client')).verdict, 'non-conformant')
assert.match(await lever('GET', '/client?format=text'), /^verdict: non-conformant/m)
await lever('DELETE', '/journal')
assert.ok((await lever('GET', '/openapi.json')).paths['/rules'])

// All as at the start.
await lever('POST', '/reset', {})
assert.deepEqual((await lever('GET', '/rules')).rules, [])
console.log('node: every lever works')
