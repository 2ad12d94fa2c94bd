async function listRules() {
  const { rules } = await lever('GET', '/rules');
  const held = document.activeElement.dataset.rule;
  $('rule-list').replaceChildren(...rules.slice(0, 200).map(ruleRow));
  if (held) [...$('rule-list').querySelectorAll('button')].find((b) => b.dataset.rule === held)?.focus();
  if (!rules.length) $('rule-list').append(make('li', { className: 'soft', textContent: 'No rules: the reference answers.' }));
  if (rules.length > 200) $('rule-list').append(make('li', { className: 'soft', textContent: `and ${rules.length - 200} more` }));
}

// does is what a rule does, in words.
function does(rule) {
  const waits = rule.delay_ms || rule.delay_up_to_ms;
  return [
    rule.fact || rule.status && `status ${rule.status}`,
    rule.retry_after && `Retry-After ${rule.retry_after}`,
    waits && `${rule.delay_ms ?? 0}${rule.delay_up_to_ms ? ` to ${rule.delay_up_to_ms}` : ''} ms later`,
    rule.break && { drop: 'drops the connection', truncate: 'truncates the body', malform: 'malforms the body' }[rule.break],
  ].filter(Boolean).join(', ');
}

function ruleRow(rule) {
  const when = [rule.call && `from call ${rule.call}`, rule.times ? `${rule.times} time${rule.times === 1 ? '' : 's'}` : !rule.call && 'always'].filter(Boolean).join(', ');
  const name = `${does(rule)} at ${rule.endpoint || 'all endpoints'}`;
  return make('li', {},
    make('span', { className: 'grow' }, make('b', { textContent: line(does(rule)) }), make('code', { textContent: line(rule.endpoint || 'all endpoints') }),
      make('span', { className: 'soft', textContent: line(`${rule.everyone ? 'everyone' : rule.user}${rule.asset_id ? `, asset ${rule.asset_id}` : ''}, ${when}, answered ${rule.hits}`) })),
    make('button', { type: 'button', className: 'small', textContent: 'Remove', 'data-rule': rule.id, 'aria-label': line(`Remove rule: ${name}`), onclick: tries(async () => {
      await lever('DELETE', `/rules/${encodeURIComponent(rule.id)}`);
      await overview();
      say('The rule is removed.');
      $('rule').querySelector('button').focus();
    }) }));
}

// listAnswers lets a rule answer what the document has of its endpoint.
function listAnswers() {
  const endpoint = mock.endpoints.find((e) => e.endpoint === $('rule-endpoint').value);
  const own = (endpoint?.answers ?? []).map((a) => [a.fact, `${a.status} ${a.fact}`]);
  const others = [401, 404, 422, 429, 500, 503].map((status) => [String(status), `${status}`]);
  choices($('rule-answer'), [['', 'that of the reference'], ...own, ...others]);
  if (!$('rule-answer').value) $('rule-answer').value = own.find(([, text]) => /^[45]/.test(text))?.[0] ?? '500';
}

$('rule-endpoint').addEventListener('input', listAnswers);
$('rule').addEventListener('submit', tries(async () => {
  const rule = { endpoint: $('rule-endpoint').value, times: Number($('rule-times').value), delay_ms: Number($('rule-delay').value), break: $('rule-break').value };
  if ($('rule-caller').value) rule.user = $('rule-caller').value; else rule.everyone = true;
  const answer = $('rule-answer').value;
  if (/^\d+$/.test(answer)) rule.status = Number(answer); else if (answer) rule.fact = answer;
  await lever('POST', '/rules', rule);
  await overview();
  say('The rule is added.');
}));
