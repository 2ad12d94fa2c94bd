const filled = (example) => example.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(learned[name] ?? example.recorded[name]));

function edit(endpoint, example) {
  $('method').value = endpoint.method;
  $('path').value = filled(example);
  $('body').value = example.body;
}

function exampleRow(endpoint, example) {
  const name = `${example.fact}: ${example.title}`;
  return make('li', {},
    make('span', { className: 'grow' }, make('b', { className: 'status', textContent: example.status }), ' ', make('span', { textContent: example.title }), make('code', { className: 'soft', textContent: example.fact })),
    make('button', { type: 'button', className: 'small', textContent: 'Edit', 'aria-label': `Edit ${name}`, onclick: () => { edit(endpoint, example); $('path').focus(); } }),
    make('button', { type: 'button', className: 'small', textContent: 'Send', 'aria-label': `Send ${name}`, onclick: tries(() => { edit(endpoint, example); return send(); }) }));
}

function listExamples() {
  $('examples').replaceChildren(...mock.endpoints.map((endpoint) => lazy(
    [make('b', { className: 'method', textContent: endpoint.method }), make('code', { textContent: endpoint.endpoint.split(' ')[1] })],
    () => make('div', {}, make('p', { className: 'soft title', textContent: endpoint.title }),
      make('ul', { className: 'list' }, ...endpoint.examples.map((example) => exampleRow(endpoint, example))))),
  ));
}

// lazy is a part that is built when it is opened first.
function lazy(summary, build) {
  const details = make('details', {}, make('summary', {}, ...summary));
  details.addEventListener('toggle', () => { if (details.open && details.childElementCount === 1) details.append(build()); });
  return details;
}

// send sends to the API what the form has, and shows what it answers.
async function send() {
  if (!mock.url) throw new Error('The page does not know where the API listens.');
  if (!$('path').value.startsWith('/')) throw new Error('The path begins with a slash, as /api/v2/assets does.');
  const key = $('key').value === '?' ? $('other-key').value : $('key').value;
  const headers = { 'Content-Type': 'application/json' };
  if (key) headers['X-API-KEY'] = key;
  const method = $('method').value;
  const body = method === 'GET' || !$('body').value ? undefined : $('body').value;
  $('outcome').textContent = '…';
  $('answer').hidden = true;
  const began = performance.now();
  let response, text;
  try {
    response = await fetch(mock.url + $('path').value, { method, headers, body, cache: 'no-store', credentials: 'omit', redirect: 'manual' });
    text = await response.text();
  } catch {
    $('outcome').textContent = 'no answer';
    $('outcome').className = 'bad';
    $('answer').hidden = false;
    $('answer').textContent = whyNot(response);
    return;
  }
  $('outcome').className = response.ok ? 'good' : response.status >= 500 ? 'bad' : '';
  $('outcome').textContent = `${response.status} in ${Math.round(performance.now() - began)} ms`;
  $('answer').hidden = false;
  $('answer').textContent = text ? plain(pretty(text), 50000) : '(no body)';
  learn(text);
  if (response.ok && method === 'DELETE' && /assets\/[^/]+$/.test($('path').value)) delete learned.asset_id;
  $('outcome').scrollIntoView({ block: 'nearest' });
}

// whyNot says what may keep a browser, which tells no page, from an answer.
function whyNot(response) {
  if (response) return 'The answer ended before it was whole: a rule truncated it, or the connection broke.';
  if (location.protocol === 'https:' && mock.url.startsWith('http:')) return `A page by https may not ask ${mock.url}, which has none.`;
  return `The browser got no answer from ${mock.url} that it may show. One of:\n– a rule dropped the connection: the journal tells then\n– the API lets no page of ${location.origin} in (CORS)\n– from here it is at another address or port, as behind a container’s\n– the mock was ended`;
}

function pretty(text) {
  if (text.length > 50000) return text;
  try { JSON.parse(text); } catch { return text; }
  // Indented without being read: numbers stay as they were written.
  let depth = 0;
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+|[{[]\s*[}\]]|[{}[\],:]/g, (t) => {
    const turn = () => `\n${'  '.repeat(Math.min(depth, 40))}`;
    if (t[0] === '"' || t.length > 1 && /\S/.test(t)) return t;
    switch (t) {
      case '{': case '[': depth++; return t + turn();
      case '}': case ']': depth--; return turn() + t;
      case ',': return t + turn();
      case ':': return ': ';
      default: return '';
    }
  });
}

// learn keeps the ids of what is there, for the next examples.
function learn(text) {
  let body;
  try { body = JSON.parse(text); } catch { return; }
  const ids = {
    asset_id: body?.asset?.id, comment_id: body?.comment?.id ?? body?.comments?.[0]?.id,
    dag_action_id: body?.dag_actions?.[0]?.id, media_id: body?.media?.[0]?.id,
  };
  for (const [name, id] of Object.entries(ids)) if (id !== undefined && id !== null) learned[name] = id;
}

$('request').addEventListener('submit', tries(send));
$('key').addEventListener('input', () => { $('another').hidden = $('key').value !== '?'; });
