// Code as people deploy it: .zip files, layers, a bootstrap of its own; and the interpreter that fits a runtime.

import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { zipSync, type Zippable } from 'fflate';
import { expect, test } from 'vitest';

import { openTestTarget, writeCode } from './open-test-target.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Permissions and type as zip on Unix keeps them. */
const mode = (bits: number): { os: number; attrs: number } => ({ os: 3, attrs: bits * 0x10000 });

function writeZip(content: Zippable): Disposable & { readonly file: string } {
  const written = writeCode({});
  const file = join(written.folder, 'package.zip');
  writeFileSync(file, zipSync(content));
  return { file, [Symbol.dispose]: () => written[Symbol.dispose]() };
}

const succeeded = (payload: unknown): object => ({ status: 'succeeded', payload });

const rejectionOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  );

test('a .zip is run as its folder would be, with links and permissions, and is gone afterwards', async () => {
  using zip = writeZip({
    'lib/deep.mjs': text(`import { statSync } from 'node:fs';
      import { word } from './word.mjs';
      export const handler = async () => [word, (statSync(new URL('./tool', import.meta.url)).mode & 0o777).toString(8)];`),
    'lib/word.mjs': [text('linked.mjs'), mode(0o120777)],
    'lib/linked.mjs': text(`export const word = 'through a link';`),
    'lib/tool': [text('#!/bin/sh\n'), mode(0o100750)],
  });
  const opened = await openTestTarget('', { code: zip.file, handler: 'lib/deep.handler' });
  expect(await opened.outcome()).toEqual(succeeded(['through a link', '750']));
  await opened.target[Symbol.asyncDispose]();
  expect(readdirSync(opened.folder)).toEqual(['target.log']);
  await opened[Symbol.asyncDispose]();
});

test('a .zip that is cut, damaged or reaches out of itself is the mistake of the user', async () => {
  const content = zipSync({ 'index.mjs': [text(`export const handler = async () => 1;`), { level: 0 }] });
  const damaged = Buffer.from(content);
  damaged[60]! ^= 1;
  const files = {
    cut: content.subarray(0, -30),
    damaged,
    outside: zipSync({ '../out.mjs': text('') }),
    other: text('?'),
  };
  using written = writeCode({});
  const told = Object.entries(files).map(async ([name, bytes]) => {
    const code = join(written.folder, `${name}.zip`);
    writeFileSync(code, bytes);
    return rejectionOf(openTestTarget('', { code, runtime: 'nodejs22.x' }));
  });
  const mistake = (name: string, reason: string): object => ({
    code: 'bad-scenario',
    message: `target.code: "${written.folder}/${name}.zip" ${reason}`,
  });
  expect(await Promise.all(told)).toEqual([
    mistake('cut', 'is no .zip file, or its end is missing.'),
    mistake('damaged', 'is damaged: "index.mjs" in it does not have its checksum.'),
    mistake('outside', 'holds "../out.mjs", which lies outside of it.'),
    mistake('other', 'is no .zip file, or its end is missing.'),
  ]);
  expect(existsSync(join(written.folder, 'out.mjs'))).toBe(false);
});

test('layers are found by import and by require, the later over the earlier, the function’s own before them', async () => {
  const packageOf = (name: string, word: string): Record<string, string> => ({
    [`nodejs/node_modules/${name}/package.json`]: `{ "name": "${name}", "main": "main.js" }`,
    [`nodejs/node_modules/${name}/main.js`]: `exports.word = '${word}';`,
  });
  using first = writeCode({ ...packageOf('one', 'first'), ...packageOf('both', 'first'), 'bin/tool': 'x' });
  using second = writeZip(
    Object.fromEntries(
      Object.entries({ ...packageOf('both', 'second'), ...packageOf('mine', 'second') }).map(([name, content]) => [
        name,
        text(content),
      ]),
    ),
  );
  const own = { 'node_modules/mine/index.js': `exports.word = 'own';` };
  const names = ['one', 'both', 'mine'];
  const asModule = `${names.map((name) => `import * as ${name} from '${name}';`).join('')} export const handler = async () => [one.word, both.word, mine.word];`;
  const asCommon = `const words = ${JSON.stringify(names)}.map((name) => require(name).word); exports.handler = async () => words;`;
  const layers = [first.folder, second.file];
  for (const code of [{ 'index.mjs': asModule }, { 'index.js': asCommon }]) {
    await using opened = await openTestTarget({ ...code, ...own }, { layers });
    expect(await opened.outcome()).toEqual(succeeded(['first', 'second', 'own']));
  }
  const missing = await rejectionOf(openTestTarget(asModule, { layers: ['/no/layer'] }));
  expect(missing).toEqual({
    code: 'file-missing',
    message: 'target.layers.0: "/no/layer" does not exist. Name a folder or a .zip.',
  });
});

test('a bootstrap in any language is its own runtime', async () => {
  const script = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
(async () => {
  for (;;) {
    const next = await fetch(base + 'next');
    const body = JSON.stringify({ saw: await next.json(), env: process.env.AWS_EXECUTION_ENV ?? '' });
    await fetch(base + next.headers.get('lambda-runtime-aws-request-id') + '/response', { method: 'POST', body });
  }
})();
`;
  using zip = writeZip({ bootstrap: [text(script), mode(0o100755)] });
  await using opened = await openTestTarget('', { code: zip.file });
  expect(opened.target.runtime).toBe('provided.al2023');
  expect(await opened.outcome({ a: 1 })).toEqual(succeeded({ saw: { a: 1 }, env: '' }));
  expect(await opened.outcome({ a: 2 })).toEqual(succeeded({ saw: { a: 2 }, env: '' }));
});

test('a bootstrap that is not there, or cannot be run, is told', async () => {
  const code = { 'readme.txt': 'x' };
  const reason = await rejectionOf(openTestTarget(code, { runtime: 'provided.al2023' }));
  expect(reason).toEqual({
    code: 'bad-scenario',
    message: expect.stringMatching(
      /^target\.code: ".*" holds no bootstrap, which provided\.al2023 runs\. Build it there/,
    ),
  });
  await using opened = await openTestTarget({ bootstrap: 'no program' }, { runtime: 'provided.al2023' });
  expect(await opened.outcome()).toMatchObject({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    lastOutput: expect.stringMatching(/Permission denied/) as string,
  });
});

test('a runtime takes the interpreter of its own version from the PATH, by the path found, else the nearest, and says so', async () => {
  using tools = writeCode({
    node: `#!/bin/sh\nif [ "$1" = --print ]; then echo 20.9.9; else exec ${process.execPath} "$@"; fi\n`,
  });
  chmodSync(join(tools.folder, 'node'), 0o755);
  const machine = {
    node: { path: process.execPath, version: '24.1.0' },
    searchPath: tools.folder,
    cacheFolder: '',
    cgroups: undefined,
  };
  const code = `export const handler = async () => process.env.PATH.split(':')[0];`;
  await using own = await openTestTarget(code, { runtime: 'nodejs20.x', machine });
  expect([own.target.interpreter, own.target.notes]).toEqual(['Node 20.9.9', []]);
  expect(await own.outcome()).toEqual(succeeded(tools.folder));
  await using nearest = await openTestTarget(code, { runtime: 'nodejs22.x', machine });
  expect([nearest.target.interpreter, nearest.target.notes]).toEqual([
    'Node 24.1.0',
    ['nodejs22.x ran on Node 24.1.0, the nearest on this machine.'],
  ]);
});

test('a named interpreter is run by the path given, and not by where it leads: a virtual environment would be left', async () => {
  using environment = writeCode({});
  const interpreter = join(environment.folder, 'node');
  symlinkSync(process.execPath, interpreter);
  await using opened = await openTestTarget(`export const handler = async () => process.argv0;`, { interpreter });
  expect(await opened.outcome()).toEqual(succeeded(interpreter));
});

test('a runtime that tells of an error and ends with it has failed with that error', async () => {
  const bootstrap = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
fetch(base + 'next').then(async (next) => {
  const id = next.headers.get('lambda-runtime-aws-request-id');
  await fetch(base + id + '/error', { method: 'POST', body: '{"errorType":"string","errorMessage":"gone"}' });
  process.exit(2);
});
`;
  using written = writeCode({ bootstrap });
  chmodSync(join(written.folder, 'bootstrap'), 0o755);
  await using opened = await openTestTarget('', { code: written.folder });
  expect(await opened.outcome()).toEqual({ status: 'failed', errorType: 'string', message: 'gone' });
});
