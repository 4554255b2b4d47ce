import { expect, test } from 'vitest';

import { committed, compiled, wasmSources } from './compile-wasm.ts';

test('the committed bytes of WebAssembly are those of their sources', async () => {
  for (const source of wasmSources) expect(committed(source)).toBe(await compiled(source));
});
