// What a run needs besides its scenario: the target's code, and the user's variables that its environment names. Looked for before
// anything runs; `judge` needs neither.

import { codeMistake, layerMistake } from '../targets/function-code.ts';
import type { Path } from './document.ts';
import type { LambdaConfig } from './plan.ts';
import { substitutionMistakes } from './substitution.ts';

/** Complains of each thing that is not there, at its path in the scenario. */
export function checkTarget(
  target: LambdaConfig,
  env: Readonly<Record<string, string | undefined>>,
  complain: (path: Path, message: string) => void,
): void {
  const mistake = target.code.startsWith('builtin:') ? undefined : codeMistake(target.code);
  if (mistake !== undefined) complain(['target', 'code'], `target.code: "${target.code}" ${mistake.reason}`);
  target.layers.forEach((layer, index) => {
    const wrong = layerMistake(layer);
    if (wrong) complain(['target', 'layers', index], `target.layers: "${layer}" ${wrong.reason}`);
  });
  for (const [name, text] of Object.entries(target.env)) {
    for (const message of substitutionMistakes(text, env)) {
      complain(['target', 'env', name], `target.env.${name}: ${message}`);
    }
  }
}
