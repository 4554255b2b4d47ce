// How `flowrig try` finds the function in bare code.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';

import { findHandler, variablesIn } from '../../src/cli/try/handler.ts';
import { writeCode } from '../targets/open-test-target.ts';
import { testFolder } from './test-host.ts';

test.for([
  ['lambda_function.py', 'def lambda_handler(event, context):\n  pass\n', 'lambda_function.lambda_handler'],
  ['forward.py', 'def helper(text):\n  pass\n\ndef run(event, context):\n  pass\n', 'forward.run'],
  ['forward.py', 'def lambda_handler(event: dict, context: object) -> None:\n  pass\n', 'forward.lambda_handler'],
  ['index.mjs', 'export const handler = async () => {};\n', 'index.handler'],
  ['ship.mjs', 'export async function forward(event) {}\n', 'ship.forward'],
  ['ship.cjs', 'exports.forward = async (event) => {};\n', 'ship.forward'],
  ['ship.mjs', "export { handler } from './other.mjs';\n", 'ship.handler'],
] as const)('%s: %j is %s', async ([name, text, handler]) => {
  await using folder = testFolder();
  const file = folder.write(name, text);
  const runtime = name.endsWith('.py') ? 'python3.13' : 'nodejs22.x';
  expect(findHandler(file)).toEqual({ code: file, handler, runtime });
  // In a folder the only module, or the one of the usual name.
  expect(findHandler(folder.path)).toEqual({ code: folder.path, handler, runtime });
});

test('of several modules none is taken for the handler’s', async () => {
  await using folder = testFolder();
  folder.write('a.py', '');
  folder.write('b.py', '');
  expect(() => findHandler(folder.path)).toThrow(/has neither lambda_function\.py nor index\.mjs.*but a\.py, b\.py/);
});

test('a .zip is looked into as its folder would be', async () => {
  await using folder = testFolder();
  const pack = (name: string, files: Record<string, string>): string => {
    const file = join(folder.path, name);
    writeFileSync(file, zipSync(Object.fromEntries(Object.entries(files).map(([at, text]) => [at, strToU8(text)]))));
    return file;
  };
  const file = pack('ship.zip', {
    'ship.py': 'def forward(event, context):\n  return os.getenv("URL")\n',
    'x/index.js': '',
  });
  expect(findHandler(file)).toEqual({ code: file, handler: 'ship.forward', runtime: 'python3.13' });
  expect(variablesIn(file)).toEqual(['URL']);
  const deep = pack('deep.zip', { 'build/index.js': '' });
  expect(() => findHandler(deep)).toThrow(/no module at its top.*but build\/index\.js.*handler=build\/index\.handler/);
});

test.for([
  [['src/index.mjs', 'node_modules/x/index.js'], /but src\/index\.mjs\..*--target handler=src\/index\.handler/],
  [['src/lambda_function.py'], /--target handler=src\/lambda_function\.lambda_handler/],
  [['index.d.ts', 'index.ts'], /has no code that Lambda runs, but index\.ts\. Build it/],
  [['go.mod', 'main.go'], /has no code that Lambda runs, but main\.go\. Build it/],
  [['index.mjs', 'lambda_function.py'], /has lambda_function\.py and index\.mjs\. Say which:/],
  [['readme.md', 'index.js/x'], /has no module of Python or JavaScript and no bootstrap/],
] as const)('of %j nobody knows what to run, and it is said what to do', ([names, message]) => {
  using written = writeCode(Object.fromEntries(names.map((name) => [name, ''])));
  expect(() => findHandler(written.folder)).toThrow(message);
});

test('the variables that code reads are seen in both languages, AWS’s own left out', async () => {
  await using folder = testFolder();
  folder.write('a.py', `os.environ["BUCKET"]; os.environ.get('URL'); os.getenv("AWS_REGION")\n`);
  folder.write('b.mjs', `process.env.KEY; process.env['TOKEN']; process.env.KEY\n`);
  expect(variablesIn(folder.path).toSorted()).toEqual(['BUCKET', 'KEY', 'TOKEN', 'URL']);
});
