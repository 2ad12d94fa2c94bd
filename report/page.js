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

  const visible = () => facts.filter((fact) => !fact.hidden);
  const name = () => { toggle.textContent = visible().some((fact) => fact.open) ? 'Close all' : 'Open all'; };

  // follow shows what the address names, whatever the filter hides.
  function follow() {
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
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(filter));
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
