// AWS's own runtime clients, unchanged, on our Runtime API: awslambdaric from PyPI and aws-lambda-ric from npm. The latter is built by
// a compiler, for minutes: its tests run where `npm run test:node-client` has done that.

import { existsSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { openTestTarget, writeCode, type TestTarget } from '../targets/open-test-target.ts';
import { environmentOf } from './with-python.ts';

/** One source in each language, to the same effect. */
const python = `
import os, sys, time
n = 0
def lambda_handler(event, context):
    global n
    n += 1
    what = event.get("do")
    if what == "fail": raise ValueError("too far")
    if what == "long": raise ValueError("x" * 50000)
    if what == "big": return "x" * (7 << 20)
    if what == "exit": sys.exit(3)
    if what == "hang": time.sleep(60)
    return [n, "awslambdaric" in sys.modules]
`;

const nodeSource = `
let n = 0;
export const handler = async ({ do: what }) => {
  n++;
  if (what === 'fail') throw Object.assign(new Error('too far'), { name: 'ValueError' });
  if (what === 'long') throw Object.assign(new Error('x'.repeat(50000)), { name: 'ValueError' });
  if (what === 'big') return 'x'.repeat(7 << 20);
  if (what === 'exit') process.exit(3);
  if (what === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
  return [n, globalThis.awslambda !== undefined];
};
`;

const limits = { timeoutMs: 4000 };

/** `afterBig`: whether it lives on when its answer is refused. */
async function expectAllOutcomes(opened: TestTarget, afterBig: number): Promise<void> {
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: [1, true] });
  expect(await opened.outcome({ do: 'fail' })).toMatchObject({
    status: 'failed',
    errorType: 'ValueError',
    message: 'too far',
  });
  // The cause of this one is a header that is longer than Node's servers take by themselves.
  expect(await opened.outcome({ do: 'long' })).toMatchObject({
    status: 'failed',
    errorType: 'ValueError',
    message: 'x'.repeat(50_000),
  });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: [4, true] });
  expect(await opened.outcome({ do: 'big' })).toMatchObject({
    status: 'failed',
    errorType: 'Function.ResponseSizeTooLarge',
  });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: [afterBig, true] });
  expect(await opened.outcome({ do: 'exit' })).toMatchObject({
    errorType: 'Runtime.ExitError',
    message: expect.stringContaining('exit status 3') as string,
  });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: [1, true] });
  expect(await opened.outcome({ do: 'hang' })).toMatchObject({
    status: 'timed-out',
    message: 'id-9 Task timed out after 4.00 seconds',
  });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: [1, true] });
}

test('awslambdaric runs on our Runtime API', async (context) => {
  const { path: interpreter } = await environmentOf(context, 'right');
  await using opened = await openTestTarget(
    { 'lambda_function.py': python },
    { ...limits, runtime: 'python3.11', interpreter },
  );
  // It ends when its answer is refused.
  await expectAllOutcomes(opened, 1);
  await using missing = await openTestTarget({ 'lambda_function.py': '' }, { runtime: 'python3.11', interpreter });
  expect(await missing.outcome()).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    message: "Handler 'lambda_handler' missing on module 'lambda_function'",
  });
});

const nodeClient = resolve(import.meta.dirname, '../../node_modules/.cache/flowrig-node-client/node_modules');
const nodes = [
  { runtime: 'nodejs24.x', interpreter: process.execPath },
  { runtime: 'nodejs22.x', interpreter: join(nodeClient, 'older-node/bin/node') },
];

test.for(nodes)('aws-lambda-ric runs on our Runtime API, by the Node of $runtime', async (node, { skip }) => {
  const isBuilt = existsSync(join(nodeClient, 'aws-lambda-ric/rapid-client.node'));
  skip(!isBuilt, 'aws-lambda-ric is not built here: npm run test:node-client builds it, for five minutes');
  using written = writeCode({ 'index.mjs': nodeSource });
  symlinkSync(nodeClient, join(written.folder, 'node_modules'));
  await using opened = await openTestTarget('', { ...limits, ...node, code: written.folder });
  await expectAllOutcomes(opened, 6);
  await using missing = await openTestTarget('', { ...node, code: written.folder, handler: 'index.other' });
  expect(await missing.outcome()).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    message: 'index.other is undefined or not exported',
  });
});
