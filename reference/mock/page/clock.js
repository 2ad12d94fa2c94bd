function showClock(clock) {
  mock.clock = clock;
  mock.read = performance.now();
  tick();
}

const now = () => new Date(Date.parse(mock.clock.now) + (mock.clock.frozen ? 0 : performance.now() - mock.read));

function tick() {
  if (!mock.clock) return;
  const text = now().toISOString().slice(0, 19);
  $('now').dateTime = `${text}Z`;
  $('now').textContent = `${text.replace('T', ' ')} UTC`;
  $('frozen').hidden = !mock.clock.frozen;
  $('hold').textContent = mock.clock.frozen ? 'Let it go on' : 'Freeze now';
  if (!$('time').value) $('time').value = text;
}

async function put(to) {
  showClock(await lever('PUT', '/clock', to));
  say(`The clock is set to ${$('now').textContent}${to.frozen ? ', and stands still' : ''}.`);
}

$('advance').addEventListener('submit', tries(async () => {
  showClock(await lever('POST', '/clock/advance', { days: Number($('days').value) }));
  say(`The clock is at ${$('now').textContent}.`);
}));
$('set').addEventListener('submit', tries(() => put({ now: `${$('time').value.padEnd(19, ':00').slice(0, 19)}Z`, frozen: $('freeze').checked })));
$('hold').addEventListener('click', tries(() => put({ now: now().toISOString(), frozen: !mock.clock.frozen })));
setInterval(tick, 1000);

const reset = (order, said) => tries(async () => {
  await lever('POST', '/reset', order);
  for (const name of Object.keys(learned)) delete learned[name];
  mock.rules = -1;
  mock.faults = -1;
  mock.keys = -1;
  await overview();
  say(said);
})();

$('reset-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const user = $('whose').value;
  if (user) reset({ user }, `What ${user} made is gone.`);
  else sure(() => reset({}, 'All is as at the start.'));
});
