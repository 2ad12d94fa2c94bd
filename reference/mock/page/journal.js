const journal = { waiting: [], seen: 0, wrong: 0, pace: pace.few, ended: null, isPaused: false, isAsked: false };

const isWrong = (entry) => entry.wrong.length + entry.wrong_answer.length > 0;
const findings = (entry) => [...entry.wrong.map((text) => `wrong with the request: ${text}`), ...entry.wrong_answer.map((text) => `wrong with the answer: ${text}`)];
const searched = (row, word) => row.words.includes(word);

// entryRow is an entry in a line, with what is wrong below it; the rest is built when it is
// opened.
function entryRow(entry) {
  const bad = isWrong(entry);
  const status = entry.answer.status || 'none';
  const summary = [
    make('span', { className: 'mark', textContent: bad ? '✕' : '✓', title: bad ? 'wrong' : 'as documented' }),
    make('b', { className: 'method', textContent: line(entry.method, 10) }),
    make('code', { className: 'path', textContent: line(entry.path, 160) }),
    make('b', { className: 'status', textContent: status, 'aria-label': `status ${status}` }),
    make('span', { className: 'soft took', textContent: `${entry.took_ms < 10 ? entry.took_ms.toFixed(1) : Math.round(entry.took_ms)} ms` }),
    make('span', { className: 'soft who', textContent: line(entry.caller, 60) }),
  ];
  const all = findings(entry);
  summary.push(...all.slice(0, 3).map((text) => make('span', { className: 'why', textContent: line(text) })));
  if (all.length > 3) summary.push(make('span', { className: 'why', textContent: `and ${all.length - 3} more` }));
  const row = make('li', { className: bad ? 'bad' : '' }, lazy(summary, () => entryDetails(entry)));
  row.words = [entry.method, entry.path, status, entry.caller, entry.endpoint, entry.rule, ...entry.facts, ...entry.wrong, ...entry.wrong_answer].join('\n').toLowerCase();
  return row;
}

function entryDetails(entry) {
  const facts = entry.facts.slice(0, 30).map((fact) => make('code', { textContent: line(fact, 100) }));
  const said = [
    ['At', line(entry.at)], ['Endpoint', line(entry.endpoint) || 'none of the document'],
    entry.rule && ['Answered by', line(entry.rule)], entry.answer.failure && ['Failure', line(entry.answer.failure)],
  ].filter(Boolean);
  return make('div', { className: 'details' },
    make('dl', {}, ...said.map(([name, text]) => make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: text }))),
      make('div', {}, make('dt', { textContent: 'Facts' }), make('dd', { className: 'facts' }, ...(facts.length ? facts : ['none'])))),
    isWrong(entry) ? make('ul', { className: 'all-wrong' }, ...findings(entry).map((text) => make('li', { textContent: line(text, 500) }))) : '',
    make('div', { className: 'halves' },
      message('Request', `${line(entry.method, 20)} ${line(entry.path, 2000)}`, entry.request),
      message('Answer', entry.answer.status ? String(entry.answer.status) : 'none', entry.answer)));
}

function message(title, first, { headers, body, whole, truncated }) {
  const cut = whole > body.length || truncated ? make('p', { className: 'soft', textContent: 'Cut here; the HAR has more of it.' }) : '';
  return make('div', {}, make('h3', { textContent: title }),
    make('pre', { textContent: [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n') }),
    make('pre', { textContent: body ? plain(cut ? body : pretty(body), 60000) : '(no body)' }), cut);
}

// take keeps an entry for the next time that the page changes, and waits for that where
// there are enough.
function take(entry) {
  journal.waiting.push(entry);
  if (!journal.isAsked) { journal.isAsked = true; setTimeout(() => requestAnimationFrame(show), journal.pace); }
  if (journal.waiting.length < most) return undefined;
  if (journal.isPaused || document.hidden) { journal.waiting.splice(0, journal.waiting.length - most); return undefined; }
  return new Promise((done) => { journal.goOn = done; });
}

function show() {
  journal.isAsked = false;
  journal.goOn?.();
  if (journal.isPaused) { tellCount(); return; }
  const list = $('entries');
  const word = $('find').value.trim().toLowerCase();
  const rows = journal.waiting.splice(0).map((entry) => {
    journal.seen++;
    if (isWrong(entry)) journal.wrong++;
    const row = entryRow(entry);
    row.hidden = word !== '' && !searched(row, word);
    return row;
  }).reverse();
  list.prepend(...rows);
  journal.pace = rows.length > 50 ? pace.many : pace.few;
  for (let row = list.lastElementChild; list.childElementCount > most && row;) {
    const before = row.previousElementSibling;
    if (list.childElementCount > 2 * most || !row.firstElementChild.open && !row.contains(document.activeElement)) row.remove();
    row = before;
  }
  tellCount();
  if (rows.length) hear(rows.length);
}

function tellCount() {
  const rows = [...$('entries').children];
  const shown = rows.filter((row) => !row.hidden).length;
  $('nothing').hidden = shown > 0;
  $('nothing').textContent = rows.length ? 'Nothing here is like that.' : 'Nothing was sent yet that is like that.';
  const waits = journal.isPaused && journal.waiting.length ? `, ${journal.waiting.length === most ? 'at least ' : ''}${journal.waiting.length} more wait` : '';
  $('count').textContent = rows.length ? `the newest ${shown}, ${rows.filter((row) => !row.hidden && row.className === 'bad').length} wrong${waits}` : waits.slice(2);
}

let hearing;
const heard = { all: 0 };
// hear tells those who can't see it that something came, not each.
function hear(n) {
  heard.all += n;
  hearing ??= setTimeout(() => {
    hearing = undefined;
    $('heard').textContent = `${heard.all} more request${heard.all === 1 ? '' : 's'}, ${journal.wrong} wrong in all`;
    heard.all = 0;
    if (mock.rules) tries(listRules)(); // which tell how often they answered
  }, 4000);
}

function fresh() {
  journal.waiting.length = 0;
  journal.seen = 0;
  journal.wrong = 0;
  $('entries').replaceChildren();
  tellCount();
}

// listen follows what the filter selects.
function listen() {
  journal.ended?.abort();
  journal.ended = new AbortController();
  const query = {};
  if ($('caller').value) query.user = $('caller').value;
  if ($('endpoint').value) query.endpoint = $('endpoint').value;
  if ($('wrong').checked) query.wrong = true;
  const tell = (text, kind) => { $('state').textContent = text; $('state').className = `chip ${kind}`; };
  const { signal } = journal.ended;
  follow(query, signal, {
    fresh: () => { if (!signal.aborted) fresh(); },
    take: (entry) => (signal.aborted ? undefined : take(entry)),
    tell: (text, kind) => { if (!signal.aborted) tell(text, kind); },
  });
}

// saved lets a link be followed that only who has the token may follow.
const saved = (name) => tries(async (event) => {
  const { href } = event.currentTarget;
  const at = URL.createObjectURL(await (await ask(href, { headers: authorized() })).blob());
  make('a', { href: at, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(at), 60000);
});

for (const id of ['caller', 'endpoint', 'wrong']) $(id).addEventListener('input', listen);
$('caller').addEventListener('input', () => { $('verdict').href = `/client?${new URLSearchParams({ format: 'html', user: $('caller').value })}`; });
$('filter').addEventListener('submit', (event) => event.preventDefault());
$('find').addEventListener('input', () => {
  const word = $('find').value.trim().toLowerCase();
  for (const row of $('entries').children) row.hidden = word !== '' && !searched(row, word);
  tellCount();
});
$('pause').addEventListener('click', () => {
  journal.isPaused = !journal.isPaused;
  $('pause').setAttribute('aria-pressed', journal.isPaused);
  show();
});
$('clear').addEventListener('click', tries(async () => {
  const user = $('caller').value;
  await lever('DELETE', `/journal${user ? `?${new URLSearchParams({ user })}` : ''}`);
  fresh();
  say(user ? `The journal has nothing of ${user}.` : 'The journal is empty.');
}));
for (const [id, name] of [['verdict', 'verdict.html'], ['har', 'journal.har']]) {
  $(id).addEventListener('click', (event) => { if (tokens.get()) saved(name)(event); });
}
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.key === '/' && !event.target.closest('input, select, textarea')) {
    $('find').focus();
    $('find').scrollIntoView({ block: 'center' });
    event.preventDefault();
  }
  const details = event.key === 'Escape' && event.target.closest('details[open]');
  if (details) {
    details.open = false;
    details.querySelector('summary').focus();
  }
});
