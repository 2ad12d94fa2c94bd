const $ = (id) => document.getElementById(id);

// make builds an element. Texts go in as texts: nothing that a client sent is ever markup.
function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (name in e && name !== 'list' && name !== 'role') e[name] = value;
    else e.setAttribute(name, value);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== ''));
  return e;
}

// plain is a foreign text that can neither hide something nor turn what stands around it,
// cut to a length.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\uffff\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;
const lines = /[\t\n]/g;
function plain(text, most = 300) {
  const all = String(text ?? '');
  const cut = all.length > most ? all.slice(0, most) : all;
  const shown = cut.replace(unseen, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
  return all.length > most ? `${shown}… (${all.length.toLocaleString('en')} characters)` : shown;
}
const line = (text, most) => plain(text, most).replace(lines, ' ');

const tokens = {
  get: () => sessionStorage.getItem('control-token'),
  set: (text) => sessionStorage.setItem('control-token', text),
};

// Refused is an answer of the control API that is none of success.
class Refused extends Error {
  constructor(status, text) { super(text); this.status = status; }
}

function authorized(headers = {}) {
  const token = tokens.get();
  return token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
}

// lever works a lever, and gives what it answers.
async function lever(method, path, order) {
  const response = await ask(path, {
    method,
    headers: authorized(order === undefined ? {} : { 'Content-Type': 'application/json' }),
    body: order === undefined ? undefined : JSON.stringify(order),
  });
  return response.json();
}

// ask sends a request to the control listener, again once a token is given that it wants.
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The mock does not answer: was it ended?');
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  if (response.status === 401) wantToken();
  throw new Refused(response.status, said.error ?? `The mock answers ${response.status}`);
}

let quiet;
// say tells what came of something, also to those who can't see it.
function say(text, isBad = false) {
  const e = $('says');
  e.className = isBad ? 'bad' : '';
  e.textContent = `${isBad ? '✕ ' : ''}${plain(text)}`;
  clearTimeout(quiet);
  quiet = setTimeout(() => { e.textContent = ''; }, isBad ? 12000 : 5000);
}

// tries does something that may be refused, and says so.
const tries = (action) => async (event) => {
  event?.preventDefault();
  try { await action(event); } catch (error) { if (error.name !== 'AbortError') say(error.message, true); }
};

async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no permission, or no https
    const field = make('textarea', { value: text, className: 'hidden' });
    button.after(field);
    field.select();
    done = document.execCommand('copy');
    field.remove();
    button.focus();
  }
  button.textContent = done ? 'Copied' : 'Not copied';
  say(done ? 'Copied.' : 'The browser does not let this page copy.', !done);
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
}

// choices fills a select, and keeps what is chosen where it is still there.
function choices(select, all) {
  const chosen = select.options.length ? select.value : null;
  select.replaceChildren(...all.map(([value, text]) => make('option', { value, textContent: line(text, 120) })));
  if (all.some(([value]) => value === chosen)) select.value = chosen;
}
