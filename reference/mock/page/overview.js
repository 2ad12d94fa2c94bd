const mock = { url: '', callers: [], endpoints: [], rules: -1, faults: -1, keys: -1, clock: null, read: 0 };
const learned = {}; // ids of what is there, by the names of the document's parameters

// overview reads what is running, and what others changed of it.
async function overview() {
  const about = await lever('GET', '/about');
  mock.url = about.api_url;
  if (about.asset_id) learned.asset_id ??= about.asset_id;
  $('url').textContent = mock.url || 'the API’s address is not known';
  $('copy-url').hidden = !mock.url;
  $('about').replaceChildren(...[
    `store: ${about.store}`, `${about.rules} rule${about.rules === 1 ? '' : 's'}`,
    `${about.faults} fault${about.faults === 1 ? '' : 's'} on`, about.version && `pocketcheck ${about.version}`,
  ].filter(Boolean).map((text) => make('li', { textContent: text })));
  showClock(about.clock);
  const isChanged = [about.rules !== mock.rules, about.faults !== mock.faults, about.keys !== mock.keys];
  [mock.rules, mock.faults, mock.keys] = [about.rules, about.faults, about.keys];
  await Promise.all([isChanged[0] && listRules(), isChanged[1] && listFaults(), isChanged[2] && listKeys()]);
}

const fewKeys = 8;
async function listKeys(all = false) {
  const { keys } = await lever('GET', '/keys');
  mock.callers = keys;
  const shown = all ? keys : keys.slice(0, fewKeys);
  $('key-list').replaceChildren(...shown.map(keyCard));
  $('more-keys').hidden = shown.length === keys.length;
  $('more-keys').textContent = `Show all ${keys.length} keys`;
  const users = [...new Set(keys.map((k) => k.user))].map((user) => [user, user]);
  choices($('key'), [...keys.map((k) => [k.api_key, `${k.user}: ${k.api_key}`]), ['', 'no key'], ['?', 'another key']]);
  choices($('caller'), [['', 'everybody'], ...users, ['no key', 'no key'], ['unknown key', 'unknown key']]);
  choices($('rule-caller'), [['', 'everyone'], ...users]);
  choices($('whose'), [['', 'everything'], ...users]);
}

function keyCard(k) {
  const may = k.permissions.length ? k.permissions.join(', ') : 'no permissions for actions';
  const button = make('button', { type: 'button', className: 'small', textContent: 'Copy', 'aria-label': `Copy the key of ${line(k.user)}` });
  button.addEventListener('click', () => copy(k.api_key, button));
  return make('li', {}, make('b', { textContent: line(k.user) }), make('span', { className: 'soft', textContent: line(may) }),
    make('span', { className: 'line' }, make('code', { textContent: line(k.api_key, 100) }), button));
}

async function readDocument() {
  mock.endpoints = (await lever('GET', '/document.json')).endpoints;
  const all = mock.endpoints.map((e) => [e.endpoint, e.endpoint]);
  choices($('endpoint'), [['', 'all'], ...all]);
  choices($('rule-endpoint'), [['', 'all endpoints'], ...all]);
  listExamples();
  listAnswers();
}

$('more-keys').addEventListener('click', tries(() => listKeys(true)));
$('copy-url').addEventListener('click', () => copy(mock.url, $('copy-url')));
