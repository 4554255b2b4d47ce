// Python functions under our own loop: found, called and told of as Lambda does it.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { writeCode } from '../targets/open-test-target.ts';
import { openPythonTarget, pythonOf } from './with-python.ts';

test('a bare lambda_function.py runs, keeps its state, and leaves no __pycache__ in its folder', async (context) => {
  await using opened = await openPythonTarget(context, {
    'lambda_function.py': `
import os
from helper import count
def lambda_handler(event, context):
    return {"n": count(), "event": event, "cwd": os.getcwd(), "root": os.environ["LAMBDA_TASK_ROOT"]}
`,
    'helper.py': `
n = 0
def count():
    global n
    n += 1
    return n
`,
  });
  const first = await opened.invoke({ a: 'ä' });
  const { payload } = first.outcome as { payload: { cwd: string; root: string } };
  expect(first.cold).toBe(true);
  expect(payload).toEqual({ n: 1, event: { a: 'ä' }, cwd: payload.root, root: payload.root });
  expect(await opened.outcome()).toMatchObject({ status: 'succeeded', payload: { n: 2 } });
  expect(readdirSync(payload.root).toSorted()).toEqual(['helper.py', 'lambda_function.py']);
});

test('the context tells what the context of Lambda tells', async (context) => {
  await using opened = await openPythonTarget(
    context,
    `
def lambda_handler(event, context):
    left = context.get_remaining_time_in_millis()
    context.log("logged\\n")
    names = "aws_request_id function_name function_version memory_limit_in_mb log_group_name invoked_function_arn client_context".split()
    return {**{name: getattr(context, name) for name in names}, "left": 0 < left <= 20000, "identity": context.identity.cognito_identity_id}
`,
  );
  expect(await opened.outcome()).toEqual({
    status: 'succeeded',
    payload: {
      aws_request_id: 'id-1',
      function_name: 'forwarder',
      function_version: '$LATEST',
      memory_limit_in_mb: '512',
      log_group_name: '/aws/lambda/forwarder',
      invoked_function_arn: 'arn:aws:lambda:eu-west-1:123456789012:function:forwarder',
      client_context: null,
      left: true,
      identity: null,
    },
  });
  expect(opened.log()).toContain('\nlogged\n');
});

test('print and logging reach the log at once, in order, logging in the form that Lambda gives it', async (context) => {
  await using opened = await openPythonTarget(
    context,
    `
import logging, os
logger = logging.getLogger()
logger.setLevel("INFO")
def lambda_handler(event, context):
    print("printed")
    logger.info("told")
    os.write(1, b"written\\n")
`,
  );
  await opened.outcome();
  expect(opened.log()).toMatch(/\nprinted\n\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tid-1\ttold\nwritten\n/);
});

test('an exception is a failure with its type, message and traceback, and the sandbox lives on', async (context) => {
  await using opened = await openPythonTarget(
    context,
    `
n = 0
class Odd(ValueError):
    pass
def lambda_handler(event, context):
    global n
    n += 1
    if event.get("fail"):
        raise Odd("größer")
    if event.get("deep"):
        return lambda_handler(event, context)
    return n
`,
  );
  const outcome = await opened.outcome({ fail: true });
  expect(outcome).toMatchObject({ status: 'failed', errorType: 'Odd', message: 'größer' });
  expect(outcome).toHaveProperty(
    'lastOutput',
    expect.stringMatching(
      /^\[ERROR\] Odd: größer\nTraceback \(most recent call last\):\n {2}File ".*lambda_function.py", line 9/,
    ),
  );
  expect(await opened.outcome({ deep: true })).toMatchObject({ status: 'failed', errorType: 'RecursionError' });
  expect(await opened.outcome()).toMatchObject({ status: 'succeeded' });
});

test('results are JSON as Lambda makes it: decimals, bytes, other characters, and nothing else', async (context) => {
  await using opened = await openPythonTarget(
    context,
    `
from decimal import Decimal
def lambda_handler(event, context):
    return {"decimal": {"d": Decimal("1.5")}, "bytes": b'"raw"', "text": "ä\\U0001f600", "set": {1}, "none": None}[event["kind"]]
`,
  );
  const results = [];
  for (const kind of ['decimal', 'bytes', 'text', 'none']) results.push(await opened.outcome({ kind }));
  expect(results).toEqual([{ d: 1.5 }, 'raw', 'ä\u{1F600}', null].map((payload) => ({ status: 'succeeded', payload })));
  expect(await opened.outcome({ kind: 'set' })).toMatchObject({
    status: 'failed',
    errorType: 'Runtime.MarshalError',
    message: 'Unable to marshal response: Object of type set is not JSON serializable',
  });
});

test('code that cannot be loaded is the failure of its invocations, in the names of AWS', async (context) => {
  const own = 'lambda_function.lambda_handler';
  const failures: [handler: string, source: string, errorType: string, message: unknown][] = [
    ['lambda_function.other', '', 'Runtime.HandlerNotFound', "Handler 'other' missing on module 'lambda_function'"],
    ['a.b', '', 'Runtime.ImportModuleError', "Unable to import module 'a': No module named 'a'"],
    [
      own,
      'import gone',
      'Runtime.ImportModuleError',
      "Unable to import module 'lambda_function': No module named 'gone'",
    ],
    [
      own,
      'def f(',
      'Runtime.UserCodeSyntaxError',
      expect.stringContaining("Syntax error in module 'lambda_function': "),
    ],
    [own, 'raise KeyError("SIGNOZ_KEY")', 'KeyError', "'SIGNOZ_KEY'"],
    [own, 'exit(4)', 'Runtime.ExitError', 'RequestId: id-1 Error: Runtime exited with error: exit status 4'],
    ['sys.exit', '', 'Runtime.BuiltInModuleConflict', 'Cannot use built-in module sys as a handler module'],
  ];
  await Promise.all(
    failures.map(async ([handler, source, errorType, message]) => {
      await using opened = await openPythonTarget(context, source, { handler });
      expect(await opened.outcome()).toMatchObject({ status: 'failed', errorType, message });
    }),
  );
});

test('the end of the process, in mid-handler or at its time limit, is told as Lambda tells it, and the next event begins anew', async (context) => {
  await using opened = await openPythonTarget(
    context,
    `
import os, sys, time
n = 0
def lambda_handler(event, context):
    global n
    n += 1
    if event.get("exit") is not None: sys.exit(event["exit"])
    if event.get("hang"): time.sleep(60)
    return n
`,
    { timeoutMs: 3000 },
  );
  const exit = (reason: string): object => ({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    message: expect.stringContaining(reason),
  });
  expect(await opened.outcome({ exit: 0 })).toMatchObject(exit('Runtime exited without providing a reason'));
  expect(await opened.outcome({ exit: 5 })).toMatchObject(exit('exit status 5'));
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 1 });
  expect(await opened.outcome({ hang: true })).toMatchObject({
    status: 'timed-out',
    message: 'id-4 Task timed out after 3.00 seconds',
  });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 1 });
});

test('a handler that closes every connection is still served', async (context) => {
  await using opened = await openPythonTarget(
    context,
    `
import os
def lambda_handler(event, context):
    os.closerange(3, 256)
    return "closed"
`,
  );
  for (let i = 0; i < 3; i++) expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: 'closed' });
});

test('the handler may stand in a folder, and in one file of another name', async (context) => {
  const source = 'def run(event, context): return __name__';
  await using nested = await openPythonTarget(context, { 'lib/forward.py': source }, { handler: 'lib/forward.run' });
  expect(await nested.outcome()).toEqual({ status: 'succeeded', payload: 'lib.forward' });
  using written = writeCode({ 'main.py': 'def lambda_handler(event, context): return __name__' });
  await using alone = await openPythonTarget(context, '', { code: join(written.folder, 'main.py') });
  expect(await alone.outcome()).toEqual({ status: 'succeeded', payload: 'main' });
});

test('layers come after the function’s own modules and before the environment’s', async (context) => {
  const minor = /3\.\d+/.exec((await pythonOf(context)).version!)![0];
  using layer = writeCode({
    'python/one.py': 'word = "layer"',
    'python/mine.py': 'word = "layer"',
    [`python/lib/python${minor}/site-packages/two.py`]: 'word = "site-packages"',
    'python/two.py': 'word = "layer"',
  });
  const source = `
import mine, one, two
def lambda_handler(event, context): return [one.word, two.word, mine.word]
`;
  const files = { 'lambda_function.py': source, 'mine.py': 'word = "own"' };
  await using opened = await openPythonTarget(context, files, { layers: [layer.folder] });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: ['layer', 'site-packages', 'own'] });
});
