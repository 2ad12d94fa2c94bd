const most = 200; // entries in the page
const pace = { few: 150, many: 600 }; // milliseconds between two times that it changes

// follow reads the journal's stream until ended: fresh is called when it begins, also again,
// and take with each entry. A fetch can send the token, which an EventSource can't. While
// take is at work nothing is read, and of what comes meanwhile the mock sends the newest.
async function follow(query, ended, { fresh, take, tell }) {
  for (let wait = 500; ; wait = Math.min(2 * wait, 8000)) {
    try {
      const response = await ask(`/journal/stream?${new URLSearchParams({ ...query, newest: most })}`, { headers: authorized(), signal: ended, cache: 'no-store' });
      fresh(); // a mock that was started anew counts anew
      tell('● live', 'good');
      wait = 500;
      await read(response.body.getReader(), take);
    } catch (error) {
      if (ended.aborted) return;
      if (error instanceof Refused) { tell('✕ refused', 'bad'); say(error.message, true); return; }
    }
    if (ended.aborted) return;
    tell('○ connecting again', 'warn');
    await new Promise((done) => { setTimeout(done, wait); });
    if (ended.aborted) return;
  }
}

async function read(reader, take) {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    if (!rest.includes('\n\n')) continue;
    const events = rest.split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const at = event.indexOf('data: ');
      if (at >= 0 && event[0] !== ':') await take(small(JSON.parse(event.slice(at + 6))));
    }
  }
}

// small is an entry without what is too long to be kept in a page.
function small(entry) {
  for (const message of [entry.request, entry.answer]) {
    message.whole = message.body.length;
    if (message.body.length > 10000) message.body = own(message.body.slice(0, 10000));
    message.headers = Object.entries(message.headers ?? {}).slice(0, 100).map(([name, value]) => [own(line(name, 200)), own(line(value, 1000))]);
  }
  entry.path = own(line(entry.path, 2000));
  entry.wrong = entry.wrong.slice(0, 20).map((w) => own(line(w.text, 500)));
  entry.wrong_answer = entry.wrong_answer.slice(0, 20).map((w) => own(line(w.text, 500)));
  return entry;
}

// own is a text that does not keep the longer one alive that it was cut from.
const own = (text) => (text.length < 13 ? text : JSON.parse(JSON.stringify(text)));
