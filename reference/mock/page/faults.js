let faults = [];
const mostFound = 60;

async function listFaults() {
  faults = (await lever('GET', '/faults')).faults;
  if ($('fault-list').childElementCount) sync(); else showFaults();
}

// turn turns faults on or off, whatever others turned on meanwhile.
async function turn(change) {
  const now = (await lever('GET', '/faults')).faults.filter((f) => f.on).map((f) => f.name);
  faults = (await lever('PUT', '/faults', { on: change(now) })).faults;
  mock.faults = faults.filter((f) => f.on).length;
  sync();
  await overview();
}

// sync shows in what is there which faults are on: what has the focus stays.
function sync() {
  for (const box of $('fault-list').querySelectorAll('input')) box.checked = faults.some((f) => f.on && f.name === box.value);
  const list = $('fault-list').querySelector('.on');
  if (list && !list.contains(document.activeElement)) list.replaceChildren(...faults.filter((f) => f.on).map(faultRow));
  tellFaults();
}

function faultRow(fault) {
  const box = make('input', { type: 'checkbox', role: 'switch', value: fault.name, checked: fault.on });
  box.addEventListener('change', tries(async () => {
    const { checked } = box;
    try {
      await turn((now) => [...now.filter((name) => name !== fault.name), ...(checked ? [fault.name] : [])]);
    } catch (error) {
      box.checked = !checked;
      throw error;
    }
    say(`${fault.name} is ${checked ? 'on' : 'off'}.`);
  }));
  return make('li', {}, make('label', { className: 'pick' }, box, make('code', { textContent: line(fault.name) })));
}

const operationOf = (fault) => fault.fact.split('.').slice(0, 2).join('.');

function tellFaults(found) {
  const on = faults.filter((f) => f.on).length;
  const text = `${on} of ${faults.length} on`;
  $('fault-count').textContent = found === undefined ? text : `${text}; ${found} found${found > mostFound ? `, the first ${mostFound} of them here` : ''}`;
}

function showFaults() {
  const word = $('find-fault').value.trim().toLowerCase();
  if (word) {
    const found = faults.filter((f) => `${f.name} ${f.fact} ${mock.endpoints.find((e) => e.name === operationOf(f))?.endpoint}`.toLowerCase().includes(word));
    $('fault-list').replaceChildren(make('ul', { className: 'list' }, ...found.slice(0, mostFound).map(faultRow)));
    tellFaults(found.length);
    return;
  }
  tellFaults();
  const groups = Map.groupBy ? Map.groupBy(faults, operationOf) : faults.reduce((m, f) => m.set(operationOf(f), [...m.get(operationOf(f)) ?? [], f]), new Map());
  $('fault-list').replaceChildren(
    make('ul', { className: 'list on' }, ...faults.filter((f) => f.on).map(faultRow)),
    ...[...groups].map(([operation, all]) => lazy(
      [make('code', { textContent: mock.endpoints.find((e) => e.name === operation)?.endpoint ?? operation }), ' ', make('span', { className: 'soft', textContent: `${all.length}` })],
      () => make('ul', { className: 'list' }, ...all.map((f) => faultRow(faults.find((now) => now.name === f.name)))))),
  );
}

$('find-fault').addEventListener('input', showFaults);
$('no-faults').addEventListener('click', tries(async () => {
  await turn(() => []);
  say('All faults are off.');
}));
