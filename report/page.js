'use strict';
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const facts = all('.fact');
  const form = document.querySelector('.filter');
  const found = form.querySelector('.found');
  const toggle = form.querySelector('.toggle');
  const endpoint = form.querySelector('#endpoint');
  const text = form.querySelector('#text');
  const words = new Map(); // of a fact, in lower case, once somebody looks for one

  const has = (fact, word) => {
    if (!words.has(fact)) words.set(fact, fact.textContent.toLowerCase());
    return words.get(fact).includes(word);
  };

  function filter() {
    const outcomes = new Set(all('[name=outcome]:checked', form).map((box) => box.value));
    const word = text.value.trim().toLowerCase();
    let shown = 0;
    for (const fact of facts) {
      const fits = (!outcomes.size || outcomes.has(fact.dataset.outcome))
        && (!endpoint.value || fact.closest('.endpoint').id === endpoint.value)
        && (!word || has(fact, word));
      fact.hidden = !fits;
      shown += fits;
    }
    for (const section of all('.rule, .endpoint')) section.hidden = !section.querySelector('.fact:not([hidden])');
    document.querySelector('.none').hidden = shown > 0;
    found.textContent = `${shown} of ${facts.length} facts`;
    name();
  }

  // The filter stands in the address, as #outcome=failed&text=word, where no id has a =.
  function remember() {
    const parts = [];
    for (const box of all('[name=outcome]:checked', form)) parts.push(['outcome', box.value]);
    if (endpoint.value) parts.push(['endpoint', endpoint.value]);
    if (text.value.trim()) parts.push(['text', text.value.trim()]);
    history.replaceState(null, '', `#${parts.length ? new URLSearchParams(parts) : 'facts'}`);
  }

  function recall(parts) {
    const outcomes = parts.getAll('outcome');
    for (const box of all('[name=outcome]', form)) box.checked = outcomes.includes(box.value);
    endpoint.value = parts.get('endpoint') ?? '';
    text.value = parts.get('text') ?? '';
    filter();
    document.getElementById('facts').scrollIntoView();
  }

  const visible = () => facts.filter((fact) => !fact.hidden);
  const name = () => { toggle.textContent = visible().some((fact) => fact.open) ? 'Close all' : 'Open all'; };

  // follow shows what the address names, whatever the filter hides.
  function follow() {
    if (location.hash.includes('=')) { recall(new URLSearchParams(location.hash.slice(1))); return; }
    let id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest('[hidden]')) { form.reset(); filter(); }
    for (let e = target; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
    if (target.classList.contains('fact')) {
      target.scrollIntoView();
      target.querySelector('summary').focus({ preventScroll: true });
    }
  }

  // step goes to the failure behind the one that has the focus, or before it.
  function step(by) {
    const failures = visible().filter((fact) => ['failed', 'errored'].includes(fact.dataset.outcome));
    if (!failures.length) return;
    const at = failures.findIndex((fact) => fact.contains(document.activeElement));
    const next = failures[at < 0 && by < 0 ? failures.length - 1 : (at + by + failures.length) % failures.length];
    history.replaceState(null, '', `#${next.id}`);
    follow();
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea')) return;
    if (event.key === '/') { text.focus(); text.scrollIntoView({ block: 'center' }); } else if (event.key === 'j') step(1); else if (event.key === 'k') step(-1); else return;
    event.preventDefault();
  }

  async function copy(pre, button) {
    let done = true;
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch { // no permission, or an old browser
      getSelection().selectAllChildren(pre);
      done = document.execCommand('copy');
      if (done) getSelection().removeAllRanges();
    }
    button.textContent = done ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  }

  for (const pre of all('.script')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', () => copy(pre, button));
    pre.before(button);
  }
  for (const cell of all('a.c')) cell.title = cell.getAttribute('aria-label');

  form.hidden = false;
  form.addEventListener('input', () => { filter(); remember(); });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { filter(); if (location.hash.includes('=')) remember(); }));
  document.addEventListener('keydown', key);
  document.addEventListener('toggle', name, true);
  toggle.addEventListener('click', () => {
    const open = !visible().some((fact) => fact.open);
    for (const fact of visible()) fact.open = open;
  });

  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('.fact[data-outcome=failed]:not([open]), .group:not([open])');
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of opened) details.open = false; });
  addEventListener('hashchange', follow);
  addEventListener('load', follow); // by then the browser has been to the address itself
  filter();
})();
