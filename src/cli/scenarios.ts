// Which scenarios are meant: files, folders and globs first, then names of shipped ones and groups.

import { existsSync, globSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { FlowrigError, nearestWord } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { findProject, mergeScenario, readScenario, type Overrides, type Project } from '../scenario/load.ts';
import { planScenario, type Plan } from '../scenario/plan.ts';

/** The scenarios that ship with flowrig stand beside `src` and beside `dist`. */
export const shippedFolder = fileURLToPath(new URL('../../scenarios', import.meta.url));

export interface ShippedScenario {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  readonly file: string;
}

export function shippedScenarios(): ShippedScenario[] {
  return yamlFiles(shippedFolder).map((file) => {
    const value = readScenario(file).value as { group?: string; summary?: string };
    return { name: basename(file, '.yaml'), group: value.group ?? '', summary: value.summary ?? '', file };
  });
}

/** Files that the words mean. Without words: what flowrig.yaml names, else the group `core`. */
export function findScenarioFiles(words: readonly string[], cwd: string, project: Project | undefined): string[] {
  const own = project?.value['scenarios'] as string[] | undefined;
  if (words.length === 0 && own) return own.flatMap((word) => filesOf(word, project!.folder));
  return (words.length > 0 ? words : ['core']).flatMap((word) => filesOf(word, cwd));
}

function filesOf(word: string, folder: string): string[] {
  const path = resolve(folder, word);
  if (existsSync(path)) return statSync(path).isDirectory() ? yamlFiles(path) : [path];
  const matched = globSync(path).toSorted();
  if (matched.length > 0) return matched;
  const shipped = shippedScenarios();
  const found = shipped.filter((scenario) => scenario.name === word || scenario.group === word);
  if (found.length > 0) return found.map((scenario) => scenario.file);
  const names = [...new Set(shipped.flatMap((scenario) => [scenario.name, scenario.group]))].filter(Boolean);
  const nearest = nearestWord(word, names);
  throw new FlowrigError(
    'file-missing',
    `No scenario "${word}": no such file, and no shipped scenario or group of that name. ${
      nearest ? `Did you mean "${nearest}"?` : `There is: ${names.join(', ')}.`
    }`,
  );
}

function yamlFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name) && name !== 'flowrig.yaml');
  if (names.length === 0) throw new FlowrigError('file-missing', `${folder} holds no scenario: no .yaml file.`);
  return names.toSorted().map((name) => join(folder, name));
}

/** Reads, merges and plans for a run; throws what is wrong with it, or with what it needs. */
export function planFile(
  file: string,
  host: Pick<Host, 'cwd' | 'env'>,
  project: Project | undefined,
  overrides: Overrides,
): Plan {
  return planScenario(mergeScenario(readScenario(file), project, overrides, host.cwd), host.env);
}

export { findProject };
