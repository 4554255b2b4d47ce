// Compiles what is written in WebAssembly's text format: `node test/compile-wasm.ts` after it was changed. The bytes are committed as text,
// for a module of text is found from source, in the package and in bundles alike.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import wabt from 'wabt';

const root = join(import.meta.dirname, '..');

/** Without `.wat`: the committed bytes stand beside it, in `-wasm.ts`. */
export const wasmSources = ['src/oracle/reading/plain-line', 'src/sink/byte-page', 'src/flowlogs/line-page'];

/** What stands there, and what has to. */
export function committed(source: string): string {
  return readFileSync(join(root, `${source}-wasm.ts`), 'utf8');
}

export async function compiled(source: string): Promise<string> {
  const name = `${basename(source)}.wat`;
  const compiler = await wabt();
  const module = compiler.parseWat(name, readFileSync(join(root, `${source}.wat`), 'utf8'), { simd: true });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  const lines = base64.match(/.{1,120}/g)!.map((line) => `  '${line}'`);
  return `// Made from ${name} by test/compile-wasm.ts: do not edit.\n\nexport const wasmBase64 =\n${lines.join(' +\n')};\n`;
}

if (import.meta.main) {
  for (const source of wasmSources) writeFileSync(join(root, `${source}-wasm.ts`), await compiled(source));
}
