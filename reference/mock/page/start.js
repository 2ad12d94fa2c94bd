const often = 5000; // milliseconds between two looks at what others changed

// start shows the mock, once the page may see it.
async function start() {
  await tries(async () => {
    await readDocument();
    await overview();
    listen();
  })();
}

setInterval(() => { if (!document.hidden && mock.clock && !document.querySelector('dialog[open]')) overview().catch(() => {}); }, often);
start();
