for (const dialog of document.querySelectorAll('dialog')) dialog.querySelector('.close').addEventListener('click', () => dialog.close());

let turnedDown = false; // by who has no token
function wantToken() {
  if (turnedDown || $('ask').open) return;
  $('token').value = '';
  if (tokens.get()) $('ask-why').textContent = 'The mock does not take this token.';
  $('ask').showModal();
}

$('ask').querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  tokens.set($('token').value.trim());
  $('ask').close('given');
  start();
});
$('ask').addEventListener('close', () => {
  turnedDown = $('ask').returnValue !== 'given';
  $('ask').returnValue = '';
  if (turnedDown) say('Without the token the page shows nothing: load it again to give one.', true);
});

// sure asks whether something is meant, and then does it.
function sure(action) {
  const dialog = $('sure');
  const form = dialog.querySelector('form');
  form.onsubmit = (event) => { event.preventDefault(); dialog.close(); action(); };
  dialog.showModal();
}
