// How `flowrig try` finds the function in bare code.

import { expect, test } from 'vitest';

import { findHandler, variablesIn } from '../../src/cli/try/handler.ts';
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

test('the variables that code reads are seen in both languages, AWS’s own left out', async () => {
  await using folder = testFolder();
  folder.write('a.py', `os.environ["BUCKET"]; os.environ.get('URL'); os.getenv("AWS_REGION")\n`);
  folder.write('b.mjs', `process.env.KEY; process.env['TOKEN']; process.env.KEY\n`);
  expect(variablesIn(folder.path).toSorted()).toEqual(['BUCKET', 'KEY', 'TOKEN', 'URL']);
});
