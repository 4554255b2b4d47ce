// What an invocation can come to, each with the words that AWS has for it.

import { expect, test } from 'vitest';

import { openTestTarget } from './open-test-target.ts';

test('a handler answers, first cold and then warm, and its log has the lines that Lambda writes', async () => {
  await using opened = await openTestTarget(
    `let n = 0; export const handler = async (event) => (console.log('saw', event.a), { n: ++n, event });`,
  );
  const first = await opened.invoke({ a: 1 });
  const second = await opened.invoke({ a: 2 });
  expect([first.cold, first.outcome]).toEqual([true, { status: 'succeeded', payload: { n: 1, event: { a: 1 } } }]);
  expect([second.cold, second.outcome]).toEqual([false, { status: 'succeeded', payload: { n: 2, event: { a: 2 } } }]);
  expect(second.endedMs).toBeGreaterThanOrEqual(second.startedMs);
  const report = (id: string, more = ''): string =>
    `REPORT RequestId: ${id}\tDuration: N ms\tBilled Duration: N ms\tMemory Size: 512 MB\tMax Memory Used: N MB\t${more}`;
  expect(
    opened
      .log()
      .replaceAll(/: [\d.]+ ms/g, ': N ms')
      .replaceAll(/Used: \d+/g, 'Used: N')
      .split('\n'),
  ).toEqual([
    'START RequestId: id-1 Version: $LATEST',
    'saw 1',
    'END RequestId: id-1',
    report('id-1', 'Init Duration: N ms\t'),
    'START RequestId: id-2 Version: $LATEST',
    'saw 2',
    'END RequestId: id-2',
    report('id-2'),
    '',
  ]);
});

test('an error of the handler is a failure with its type, message and output, and the sandbox lives on', async () => {
  await using opened = await openTestTarget(
    `let n = 0; export const handler = async ({ fail }) => { n++; if (fail) throw new RangeError('too far'); return n; };`,
  );
  const outcome = await opened.outcome({ fail: true });
  expect(outcome).toMatchObject({ status: 'failed', errorType: 'RangeError', message: 'too far' });
  expect(outcome).toHaveProperty('lastOutput', expect.stringContaining('Invoke Error RangeError: too far\n    at '));
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 2 });
});

test('what a handler throws that is no Error, or has a name that no header takes, is told as AWS tells it', async () => {
  await using opened = await openTestTarget(`
    export const handler = async ({ odd }) => {
      if (odd) throw Object.assign(new Error('größer'), { name: 'Fähler\\n' });
      throw 'a text';
    };`);
  expect(await opened.outcome()).toMatchObject({ status: 'failed', errorType: 'string', message: 'a text' });
  expect(await opened.outcome({ odd: true })).toMatchObject({ errorType: 'F?hler?', message: 'größer' });
});

test('the end of the process is Runtime.ExitError with the reason, and the next event starts another one', async () => {
  await using opened = await openTestTarget(`
    let n = 0;
    export const handler = async ({ code, signal, uncaught, unhandled }) => {
      n++;
      if (code !== undefined) process.exit(code);
      if (signal) process.kill(process.pid, signal);
      if (uncaught) setTimeout(() => { throw new Error('nobody catches this'); }, 1);
      if (unhandled) Promise.reject(new Error('nor this'));
      if (signal || uncaught || unhandled) await new Promise((resolve) => setTimeout(resolve, 15_000));
      return n;
    };`);
  const exit = (id: string, reason: string): object => ({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    message: `RequestId: ${id} Error: ${reason}`,
  });
  expect(await opened.outcome({ code: 3 })).toEqual(exit('id-1', 'Runtime exited with error: exit status 3'));
  expect(await opened.outcome({ code: 0 })).toEqual(exit('id-2', 'Runtime exited without providing a reason'));
  expect(await opened.outcome({ signal: 'SIGKILL' })).toEqual(
    exit('id-3', 'Runtime exited with error: signal: killed'),
  );
  expect(await opened.outcome({ uncaught: true })).toEqual({
    ...exit('id-4', 'Runtime exited with error: exit status 1'),
    lastOutput: expect.stringContaining('Error: nobody catches this') as string,
  });
  expect(await opened.outcome({ unhandled: true })).toEqual({
    ...exit('id-5', 'Runtime exited with error: exit status 1'),
    lastOutput: expect.stringContaining('Error: nor this') as string,
  });
  const { cold, outcome } = await opened.invoke();
  expect([cold, outcome]).toEqual([true, { status: 'succeeded', payload: 1 }]);
});

test.each(['hang', 'spin'])(
  'the time limit kills a handler that does nothing but %s, and the next event begins anew',
  async (how) => {
    await using opened = await openTestTarget(
      `let n = 0;
     export const handler = async ({ how }) => {
       n++;
       if (how === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
       if (how === 'spin') for (;;);
       return n;
     };`,
      { timeoutMs: 2000 },
    );
    expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 1 });
    const message = 'id-2 Task timed out after 2.00 seconds';
    expect(await opened.outcome({ how })).toEqual({ status: 'timed-out', message });
    const again = await opened.invoke();
    expect([again.cold, again.outcome]).toEqual([true, { status: 'succeeded', payload: 1 }]);
  },
);

test('a handler that takes more memory than it has is killed', async () => {
  await using opened = await openTestTarget(
    `export const handler = async () => {
       const taken = [];
       for (;;) { taken.push(Buffer.alloc(8 << 20, 1)); await new Promise((resolve) => setTimeout(resolve, 2)); }
     };`,
    { memoryBytes: 128 * 1024 ** 2 },
  );
  expect(await opened.outcome()).toEqual({
    status: 'out-of-memory',
    message: 'RequestId: id-1 Error: Runtime exited with error: signal: killed',
  });
  // Where the kernel kills it, nobody need have looked above the limit: it is told as the least that was taken.
  expect(opened.target.resources()!.rssPeakBytes).toBeGreaterThanOrEqual(128 * 1024 ** 2);
});

test('a result over 6 MiB is refused, and the sandbox lives on', async () => {
  await using opened = await openTestTarget(
    `let n = 0; export const handler = async ({ big }) => (n++, big ? 'x'.repeat(7 << 20) : n);`,
  );
  expect(await opened.outcome({ big: true })).toEqual({
    status: 'failed',
    errorType: 'Function.ResponseSizeTooLarge',
    message: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 2 });
});

test('a result that is no JSON is Runtime.MarshalError', async () => {
  await using opened = await openTestTarget(`export const handler = async () => 1n;`);
  expect(await opened.outcome()).toMatchObject({
    status: 'failed',
    errorType: 'Runtime.MarshalError',
    message: 'Unable to stringify response body: Do not know how to serialize a BigInt',
  });
});

test('code that cannot be loaded is the failure of its invocations, in the names of AWS', async () => {
  const failures: [string, object][] = [
    [
      `export const other = 1;`,
      { errorType: 'Runtime.HandlerNotFound', message: 'index.handler is undefined or not exported' },
    ],
    [`export const handler = 1;`, { errorType: 'Runtime.HandlerNotFound', message: 'index.handler is not a function' }],
    [
      `import 'no-such-package';`,
      {
        errorType: 'Runtime.ImportModuleError',
        message: expect.stringContaining("Error: Cannot find package 'no-such-package'"),
      },
    ],
    [
      `export const handler = (`,
      { errorType: 'Runtime.UserCodeSyntaxError', message: 'SyntaxError: Unexpected end of input' },
    ],
    [
      `throw new TypeError('no key set');`,
      { errorType: 'TypeError', message: 'no key set', lastOutput: expect.stringContaining('TypeError: no key set') },
    ],
    [
      `process.exit(7);`,
      { errorType: 'Runtime.ExitError', message: 'RequestId: id-1 Error: Runtime exited with error: exit status 7' },
    ],
  ];
  await Promise.all(
    failures.map(async ([code, expected]) => {
      await using opened = await openTestTarget(code);
      expect(await opened.outcome()).toMatchObject({ status: 'failed', ...expected });
    }),
  );
});

test('an init that failed is repeated inside of the time limit of the first event', async () => {
  const code = `import { existsSync, writeFileSync } from 'node:fs';
    const mark = process.env.TMPDIR + '/seen';
    if (!existsSync(mark)) { writeFileSync(mark, ''); process.exit(1); }
    if (process.env.HANG) await new Promise((done) => setTimeout(done, 60_000));
    export const handler = async () => 'second init';`;
  await using mended = await openTestTarget(code);
  expect(await mended.outcome()).toEqual({ status: 'succeeded', payload: 'second init' });
  await using hanging = await openTestTarget(code, { timeoutMs: 700, env: { HANG: '1' } });
  const message = 'id-1 Task timed out after 0.70 seconds';
  // The finding shows them: it is the init that fails, and not the handler.
  const reports =
    /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.ExitError\nINIT_REPORT Init Duration: [\d.]+ ms\tPhase: invoke\tStatus: timeout$/;
  expect(await hanging.outcome()).toEqual({
    status: 'timed-out',
    message,
    lastOutput: expect.stringMatching(reports) as string,
  });
  expect(hanging.log()).toMatch(/^INIT_REPORT .*Phase: invoke\tStatus: timeout$/m);
  expect(hanging.target.runningCount()).toBe(0);
});

test('an abort ends an invocation as a failure and leaves nothing running', async () => {
  await using opened = await openTestTarget(`
    export const handler = async () => { console.log('begun'); await new Promise((done) => setTimeout(done, 60_000)); };`);
  const closing = new AbortController();
  const invocation = opened.invoke({}, closing.signal);
  expect(opened.target.runningCount()).toBe(1);
  await expect.poll(() => opened.log(), { timeout: 10_000 }).toContain('begun');
  closing.abort();
  expect((await invocation).outcome).toEqual({
    status: 'failed',
    errorType: 'Interrupted',
    message: 'id-1 The run was interrupted.',
    lastOutput: 'begun\n',
  });
  expect(opened.target.runningCount()).toBe(0);
});

test('variables that no process can be given are a failure that says so', async () => {
  await using opened = await openTestTarget(`export const handler = async () => 1;`, {
    env: { LONG: 'x'.repeat(3 << 20) },
  });
  expect(await opened.outcome()).toEqual({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    message: 'RequestId: id-1 Error: Runtime exited with error: exit status 127',
    lastOutput: expect.stringMatching(/^spawn E2BIG\nspawn E2BIG\n/) as string,
  });
});

test('a handler that closes its sockets and writes much is still served', async () => {
  await using opened = await openTestTarget(`
    import { Socket } from 'node:net';
    const line = 'x'.repeat(1 << 20) + '.';
    export const handler = async ({ lines }) => {
      for (const handle of process._getActiveHandles()) if (handle instanceof Socket && handle.remotePort) handle.destroy();
      for (let i = 0; i < lines; i++) process.stdout.write(line);
      if (lines) throw new Error('the last words');
      return 1;
    };`);
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 1 });
  const outcome = (await opened.outcome({ lines: 20 })) as { lastOutput: string };
  expect(outcome.lastOutput).toContain('Error: the last words\n');
  expect(Buffer.byteLength(outcome.lastOutput)).toBe(4096);
  expect(opened.log().length).toBeGreaterThan(20 << 20);
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 1 });
});
