// Compiles src/oracle/reading/plain-line.wat: `node test/oracle/compile-plain-line.ts` after it was changed. The bytes are committed as text,
// for a module of text is found from source, in the package and in bundles alike.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import wabt from 'wabt';

const folder = join(import.meta.dirname, '../../src/oracle/reading');

/** What src/oracle/reading/plain-line-wasm.ts has to be. */
export async function compilePlainLine(): Promise<string> {
  const compiler = await wabt();
  const module = compiler.parseWat('plain-line.wat', readFileSync(join(folder, 'plain-line.wat'), 'utf8'), {
    simd: true,
  });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  const lines = base64.match(/.{1,120}/g)!.map((line) => `  '${line}'`);
  return `// Made from plain-line.wat by test/oracle/compile-plain-line.ts: do not edit.\n\nexport const wasmBase64 =\n${lines.join(' +\n')};\n`;
}

if (import.meta.main) writeFileSync(join(folder, 'plain-line-wasm.ts'), await compilePlainLine());
