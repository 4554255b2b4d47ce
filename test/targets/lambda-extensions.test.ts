// Extensions that a layer brings: they start with the sandbox, hear of each invocation, and of its end.

import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openTestTarget, writeCode } from './open-test-target.ts';

/** Hears of these events, and says so. */
function extension(events: readonly string[]): ReturnType<typeof writeCode> {
  const script = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
(async () => {
  const headers = { 'lambda-extension-name': 'watcher' };
  const body = '${JSON.stringify({ events })}';
  const registered = await fetch(base + 'register', { method: 'POST', headers, body });
  const id = { 'lambda-extension-identifier': registered.headers.get('lambda-extension-identifier') };
  for (;;) {
    const event = await (await fetch(base + 'event/next', { headers: id })).json();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const left = event.deadlineMs - Date.now();
    console.log('extension saw', event.requestId ?? event.shutdownReason, left > 0 && left < 2000 ? 'in time' : left);
    if (event.eventType === 'SHUTDOWN') process.exit(0);
  }
})();
`;
  const layer = writeCode({ 'extensions/watcher': script, 'extensions/readme.txt': 'no program' });
  chmodSync(join(layer.folder, 'extensions/watcher'), 0o755);
  return layer;
}

const code = `
  process.on('SIGTERM', () => {
    console.log('runtime saw SIGTERM');
    if (!process.env.IS_STUBBORN) process.exit();
  });
  export const handler = async ({ exit, hang }) => {
    if (exit) process.exit(3);
    if (hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
    return process.pid;
  };`;

const seenIn = (log: string): string[] => log.match(/(?:extension|runtime) saw .*/g) ?? [];

test('extensions start and end with the sandbox, the next event waits for them, a runtime that ignores SIGTERM is killed', async () => {
  using layer = extension(['INVOKE', 'SHUTDOWN']);
  const env = { IS_STUBBORN: '1' };
  await using opened = await openTestTarget(code, { layers: [layer.folder], timeoutMs: 1900, env });
  const first = await opened.outcome();
  expect(await opened.outcome()).toEqual(first);
  await opened.target[Symbol.asyncDispose]();
  expect(seenIn(opened.log())).toEqual([
    'extension saw id-1 in time',
    'extension saw id-2 in time',
    'runtime saw SIGTERM',
    'extension saw spindown in time',
  ]);
});

test('an extension that asked only for that hears of a failure and of a time limit', async () => {
  using layer = extension(['SHUTDOWN']);
  await using opened = await openTestTarget(code, { layers: [layer.folder], timeoutMs: 400 });
  expect(await opened.outcome({ hang: true })).toMatchObject({ status: 'timed-out' });
  expect(seenIn(opened.log())).toEqual(['runtime saw SIGTERM', 'extension saw timeout in time']);
  // Cold: its init has a time limit of its own.
  const event = { requestId: 'id-2', payload: { exit: true }, fault: { cold: true } };
  const { outcome } = await opened.target.invoke(event, new AbortController().signal);
  expect(outcome).toMatchObject({ status: 'failed', errorType: 'Runtime.ExitError' });
  expect(seenIn(opened.log()).slice(2)).toEqual(['extension saw failure in time']);
});

/** It registers, and then does this with `tell` (an error of its own: 'init' or 'exit') and `next` (waits for an event). */
function failing(deed: string): ReturnType<typeof writeCode> {
  const script = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
(async () => {
  const headers = { 'lambda-extension-name': 'watcher' };
  const body = JSON.stringify({ events: ['INVOKE'] });
  const registered = await fetch(base + 'register', { method: 'POST', headers, body });
  const id = { 'lambda-extension-identifier': registered.headers.get('lambda-extension-identifier') };
  const type = { 'lambda-extension-function-error-type': 'watcher.Lost' };
  const tell = (phase) => fetch(base + phase + '/error', { method: 'POST', headers: { ...id, ...type } });
  const next = () => fetch(base + 'event/next', { headers: id });
  const { existsSync, writeFileSync } = await import('node:fs');
  const isFirst = !existsSync(process.env.TMPDIR + '/been');
  writeFileSync(process.env.TMPDIR + '/been', '');
  ${deed}
  for (;;) await next();
})();
`;
  const layer = writeCode({ 'extensions/watcher': script });
  chmodSync(join(layer.folder, 'extensions/watcher'), 0o755);
  return layer;
}

test('an extension that ends in the init ends the init at once, as what it told of, and so is the next one', async () => {
  using layer = failing("await tell('init'); process.exit(7);");
  await using opened = await openTestTarget(code, { layers: [layer.folder] });
  expect(await opened.outcome()).toMatchObject({
    status: 'failed',
    errorType: 'Extension.InitError',
    message: 'RequestId: id-1 Error: exit status 7',
  });
  const end = 'Status: error\tError Type: Extension.InitError';
  const line = (pattern: string): unknown => expect.stringMatching(new RegExp(pattern));
  expect(opened.log().match(/(?:INIT_REPORT|REPORT).*/g)).toEqual([
    line(`^INIT_REPORT .*\tPhase: init\t${end}$`),
    line(`^INIT_REPORT .*\tPhase: invoke\t${end}$`),
    line(`^REPORT .*\t${end}\t$`),
  ]);
});

test('an extension that is killed in an invocation fails it as Extension.Crash, and the next event has both anew', async () => {
  using layer = failing("await next(); if (isFirst) process.kill(process.pid, 'SIGKILL');");
  await using opened = await openTestTarget(code, { layers: [layer.folder] });
  expect(await opened.outcome({ hang: true })).toMatchObject({
    status: 'failed',
    errorType: 'Extension.Crash',
    message: 'RequestId: id-1 Error: signal: killed',
  });
  expect(await opened.outcome()).toMatchObject({ status: 'succeeded' });
});
