#!/usr/local/bin/node
// An extension that hears of each invocation and of the end, and says so; or dies of its first event.
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension/`;
const registered = await fetch(`${base}register`, {
  method: 'POST',
  headers: { 'lambda-extension-name': 'watcher.mjs' },
  body: JSON.stringify({ events: ['INVOKE', 'SHUTDOWN'] }),
});
const headers = { 'lambda-extension-identifier': registered.headers.get('lambda-extension-identifier') };

for (;;) {
  const event = await (await fetch(`${base}event/next`, { headers })).json();
  if (process.env.WATCHER_DIES) process.exit(7);
  console.log('extension saw', event.requestId ?? event.shutdownReason);
  if (event.eventType === 'SHUTDOWN') process.exit(0);
}
