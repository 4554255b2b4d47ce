// What a run needs besides its scenario: the target's code, and the user's variables that its environment names. Looked for before
// anything runs; `judge` needs neither.

import { existsSync } from 'node:fs';

import { codeMistake, layerMistake } from '../targets/function-code.ts';
import type { CommandConfig } from './command-plan.ts';
import type { Complain } from './complain.ts';
import type { LambdaConfig } from './lambda-plan.ts';
import type { StoreConfig } from './store-plan.ts';
import { environmentMistakes, substitutionMistakes } from './substitution.ts';
import type { TargetConfig } from './target-plan.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Complains of each thing that is not there, at its path in the scenario. */
export function checkTarget(target: TargetConfig, env: Environment, complain: Complain): void {
  // Whether something answers there is found out when the run begins.
  if (target.kind === 'lambda-endpoint') return;
  if (target.kind === 'lambda') checkCode(target, complain);
  else checkWords(target.command ?? [], env, complain);
  if (target.kind === 'command') checkCommand(target, complain);
  for (const [name, text] of Object.entries(target.env)) {
    for (const message of substitutionMistakes(text, env)) {
      complain(['target', 'env', name], `target.env.${name}: ${message}`);
    }
  }
}

/** Complains of what the store's credentials name and nobody has set. */
export function checkStore(store: StoreConfig, env: Environment, complain: Complain): void {
  if (store.kind !== 'endpoint') return;
  for (const key of ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const) {
    for (const message of environmentMistakes(store[key] ?? '', env)) {
      complain(['store', key], `store.${key}: ${message}`);
    }
  }
}

function checkCode(target: LambdaConfig, complain: Complain): void {
  const mistake = target.code.startsWith('builtin:') ? undefined : codeMistake(target.code);
  if (mistake !== undefined) complain(['target', 'code'], `target.code: "${target.code}" ${mistake.reason}`);
  target.layers.forEach((layer, index) => {
    const wrong = layerMistake(layer);
    if (wrong) complain(['target', 'layers', index], `target.layers: "${layer}" ${wrong.reason}`);
  });
}

function checkWords(command: readonly string[], env: Environment, complain: Complain): void {
  command.forEach((text, index) => {
    for (const message of substitutionMistakes(text, env)) {
      complain(['target', 'command', index], `target.command: ${message}`);
    }
  });
}

function checkCommand({ command, folder }: CommandConfig, complain: Complain): void {
  const program = command[0]!;
  if (program.startsWith('/') && !existsSync(program)) {
    complain(['target', 'command'], `target.command: "${program}" does not exist. Name the program.`);
  }
  if (!existsSync(folder)) complain(['target', 'folder'], `target.folder: "${folder}" does not exist.`);
}
