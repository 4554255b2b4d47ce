// How a handler is found and called: module systems, signatures, the SDK that Lambda brings, and mistakes in the settings.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openTestTarget, writeCode } from './open-test-target.ts';

const rejectionOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    ({ code, exitCode, message }: { code: string; exitCode: number; message: string }) => ({ code, exitCode, message }),
  );

test('code that is not there, or no module, is the mistake of the user', async () => {
  expect(await rejectionOf(openTestTarget('', { code: '/no/such/code' }))).toEqual({
    code: 'file-missing',
    exitCode: 3,
    message: 'target.code: "/no/such/code" does not exist. Name the folder or the file that holds the handler.',
  });
  using written = writeCode({ 'notes.txt': 'x' });
  const code = join(written.folder, 'notes.txt');
  expect(await rejectionOf(openTestTarget('', { code }))).toEqual({
    code: 'bad-scenario',
    exitCode: 3,
    message: `target.code: "${code}" is no code. Name a folder, a .zip, one .mjs, .cjs, .js, .py file, or an executable named bootstrap.`,
  });
});

test('an interpreter that is not there is a lack of the environment', async () => {
  const message = (what: string): string =>
    `target.interpreter: ${what}. Install it, name another one, or leave the key out: what fits the runtime best then takes its place.`;
  expect(await rejectionOf(openTestTarget('', { interpreter: '/no/node' }))).toEqual({
    code: 'interpreter-missing',
    exitCode: 4,
    message: message('"/no/node" does not exist'),
  });
  using written = writeCode({ node: 'not executable' });
  const interpreter = join(written.folder, 'node');
  expect(await rejectionOf(openTestTarget('', { interpreter }))).toEqual({
    code: 'interpreter-missing',
    exitCode: 4,
    message: message(`"${interpreter}" cannot be executed`),
  });
});

test('handlers are found in ES modules and CommonJS, nested, in subfolders, and in one file alone', async () => {
  const code = {
    'index.mjs': `const late = await Promise.resolve('top-level await'); export const handler = async () => late;`,
    'common.cjs': `exports.api = { handler: async () => 'nested ' + __filename.slice(-10) };`,
    'lib/package.json': '{ "type": "module" }',
    'lib/deep.js': `export default { handler: async () => 'default export' };`,
    'plain.js': `const { ok } = require('./shared.js'); module.exports.run = () => Promise.resolve(ok);`,
    'shared.js': `module.exports = { ok: 'required' };`,
    'my.own.mjs': `export const handler = async () => 'a name with dots';`,
  };
  const payloadOf = async (handler?: string, file?: string): Promise<unknown> => {
    using written = writeCode(code);
    await using opened = await openTestTarget('', {
      code: file === undefined ? written.folder : join(written.folder, file),
      ...(handler === undefined ? {} : { handler }),
    });
    return await opened.outcome();
  };
  const succeeded = (payload: string): object => ({ status: 'succeeded', payload });
  expect(
    await Promise.all([
      payloadOf(),
      payloadOf('common.api.handler'),
      payloadOf('lib/deep.handler'),
      payloadOf('plain.run'),
      payloadOf(undefined, 'my.own.mjs'),
    ]),
  ).toEqual(['top-level await', 'nested common.cjs', 'default export', 'required', 'a name with dots'].map(succeeded));
});

test('a handler may answer by promise, callback or context, and an empty event loop answers null', async () => {
  await using opened = await openTestTarget({
    'index.js': `exports.handler = (event, context, callback) => {
      if (event.callback) return void setTimeout(() => callback(null, 'by callback'), 1);
      if (event.error) return void callback(new RangeError('by callback'));
      if (event.context) return context.succeed('by context');
      if (event.promise) return Promise.resolve('by promise');
      if (event.never) return new Promise(() => {});
    };`,
  });
  expect(await opened.outcome({ callback: true })).toEqual({ status: 'succeeded', payload: 'by callback' });
  expect(await opened.outcome({ error: true })).toMatchObject({ errorType: 'RangeError', message: 'by callback' });
  expect(await opened.outcome({ context: true })).toEqual({ status: 'succeeded', payload: 'by context' });
  expect(await opened.outcome({ promise: true })).toEqual({ status: 'succeeded', payload: 'by promise' });
  expect(await opened.outcome({ never: true })).toEqual({ status: 'succeeded', payload: null });
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: null });
});

test('nodejs24.x takes no callback handlers', async () => {
  await using opened = await openTestTarget(`export const handler = (event, context, callback) => callback(null, 1);`, {
    runtime: 'nodejs24.x',
  });
  expect(await opened.outcome()).toMatchObject({
    errorType: 'Runtime.CallbackHandlerDeprecated',
    message: 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.',
  });
});

test('the context tells what the context of Lambda tells', async () => {
  await using opened = await openTestTarget(
    `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`,
  );
  const { payload } = (await opened.outcome()) as { payload: { left: number; logStreamName: string } };
  expect(payload.left).toBeGreaterThan(0);
  expect(payload.left).toBeLessThanOrEqual(20_000);
  expect(payload.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  expect({ ...payload, left: 0, logStreamName: '' }).toEqual({
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'forwarder',
    functionVersion: '$LATEST',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/forwarder',
    logStreamName: '',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:forwarder',
    awsRequestId: 'id-1',
    left: 0,
  });
});

test('the AWS SDK is found from ES modules and CommonJS outside of the repository, but a copy of their own comes first', async () => {
  const own = {
    'node_modules/@aws-sdk/client-s3/package.json': '{ "name": "@aws-sdk/client-s3", "main": "main.js" }',
    'node_modules/@aws-sdk/client-s3/main.js': `exports.S3Client = class Own {};`,
  };
  const asModule = `import { S3Client } from '@aws-sdk/client-s3'; export const handler = async () => S3Client.name;`;
  const asCommon = `const { S3Client } = require('@aws-sdk/client-s3'); exports.handler = async () => S3Client.name;`;
  const nameIn = async (code: Record<string, string>, options = {}): Promise<unknown> => {
    await using opened = await openTestTarget(code, options);
    return await opened.outcome();
  };
  const codes = [asModule, asCommon].flatMap((code, i) => {
    const files = { [i === 0 ? 'index.mjs' : 'index.js']: code };
    return [files, { ...files, ...own }];
  });
  const names = ['S3Client', 'Own', 'S3Client', 'Own'].map((payload) => ({ status: 'succeeded', payload }));
  expect(await Promise.all(codes.map((code) => nameIn(code)))).toEqual(names);
  // As in Node before 22.15, which has no synchronous hooks.
  const without = encodeURIComponent(`import module from 'node:module'; module.registerHooks = undefined;`);
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${without}` };
  expect(await Promise.all(codes.map((code) => nameIn(code, { env })))).toEqual(names);
});

test('the clients of the AWS SDK that forwarders use are all there', async () => {
  await using opened = await openTestTarget(`
    import { LambdaClient } from '@aws-sdk/client-lambda';
    import { S3Client } from '@aws-sdk/client-s3';
    import { SQSClient } from '@aws-sdk/client-sqs';
    export const handler = async () => [LambdaClient, S3Client, SQSClient].map(({ name }) => name);`);
  const payload = ['LambdaClient', 'S3Client', 'SQSClient'];
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload });
});

test('other packages of the rig are not found', async () => {
  await using opened = await openTestTarget(`import 'fastify';`);
  expect(await opened.outcome()).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
});

test('the hash of the code follows its bytes and names, not its place', async () => {
  await using one = await openTestTarget({ 'index.mjs': 'export const a = 1;', 'b/c.txt': 'c' });
  await using same = await openTestTarget({ 'index.mjs': 'export const a = 1;', 'b/c.txt': 'c' });
  await using other = await openTestTarget({ 'index.mjs': 'export const a = 1;', 'b/d.txt': 'c' });
  expect(one.target.codeSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(same.target.codeSha256).toBe(one.target.codeSha256);
  expect(other.target.codeSha256).not.toBe(one.target.codeSha256);
});
