// The runtimes that functions can be run with. Each loop is a file of its own beside this list.

import { fileURLToPath } from 'node:url';

export interface Runtime {
  /** AWS's identifier. */
  readonly name: string;
  /** The loop that the interpreter is started with. */
  readonly loop: string;
}

const nodeLoop = fileURLToPath(new URL('./node.mjs', import.meta.url));

export const runtimes: readonly Runtime[] = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'].map((name) => ({
  name,
  loop: nodeLoop,
}));
