// What can be a function's code, and what it says of itself: its runtime, its handler, and what it requires.

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

import type { RuntimeFamily } from '../lambda/runtimes/family.ts';
import { familyOf, runtimeFamilies } from '../lambda/runtimes/index.ts';
import { ZipMistake, zipNames } from '../lambda/zip.ts';

const moduleExtensions = runtimeFamilies
  .flatMap(({ extensions }) => extensions)
  .filter((extension) => extension !== '');

export interface CodeMistake {
  readonly error: 'file-missing' | 'bad-scenario';
  /** The rest of a sentence that begins with the path. */
  readonly reason: string;
}

/** What is wrong with the path as a function's code, else undefined. */
export function codeMistake(code: string): CodeMistake | undefined {
  const found = statSync(code, { throwIfNoEntry: false });
  if (!found) {
    return { error: 'file-missing', reason: 'does not exist. Name the folder or the file that holds the handler.' };
  }
  if (found.isDirectory() || moduleExtensions.includes(path.extname(code)) || path.basename(code) === 'bootstrap') {
    return undefined;
  }
  if (isZip(code)) return zipMistake(code);
  const language = languageOfSource(code);
  if (language !== undefined) {
    return {
      error: 'bad-scenario',
      reason: `is ${language}, which Lambda does not run. Build it, and name what comes out.`,
    };
  }
  const reason = `is no code. Name a folder, a .zip, one ${moduleExtensions.join(', ')} file, or an executable named bootstrap.`;
  return { error: 'bad-scenario', reason };
}

/** The language of a file that must be built before Lambda runs anything of it. */
export function languageOfSource(file: string): string | undefined {
  return { '.ts': 'TypeScript', '.mts': 'TypeScript', '.cts': 'TypeScript', '.go': 'Go', '.rs': 'Rust' }[
    path.extname(file)
  ];
}

/** What is wrong with the path as a layer, else undefined. */
export function layerMistake(layer: string): CodeMistake | undefined {
  const found = statSync(layer, { throwIfNoEntry: false });
  if (!found) return { error: 'file-missing', reason: 'does not exist. Name a folder or a .zip.' };
  if (found.isDirectory()) return undefined;
  return isZip(layer) ? zipMistake(layer) : { error: 'bad-scenario', reason: 'is no layer. Name a folder or a .zip.' };
}

export function isZip(file: string): boolean {
  return path.extname(file) === '.zip';
}

function zipMistake(file: string): CodeMistake | undefined {
  try {
    zipNames(file);
    return undefined;
  } catch (error) {
    if (error instanceof ZipMistake) return { error: 'bad-scenario', reason: error.message };
    throw error;
  }
}

/** The runtime of code that names none, by the file that holds the handler; Node's where none is found. */
export function runtimeOfCode(code: string, handler: string | undefined): string {
  const holds = filesOf(code);
  const isOf = (family: RuntimeFamily): boolean =>
    family.extensions.some((extension) => holds(moduleOf(handler ?? family.defaultHandler) + extension));
  const isModuleOf = (family: RuntimeFamily): boolean => family.extensions.includes(path.extname(code));
  return (runtimeFamilies.find(holdsMany(code) ? isOf : isModuleOf) ?? runtimeFamilies[0]!).defaultRuntime;
}

/** The handler of code that names none: a file's function has the usual name in the file's own module. */
export function handlerOfCode(code: string, runtime: string): string {
  const { defaultHandler } = familyOf(runtime);
  if (holdsMany(code)) return defaultHandler;
  return path.parse(code).name + defaultHandler.slice(moduleOf(defaultHandler).length);
}

/** The requirements.txt beside a handler in Python: what deployments are made from. A .zip is a deployment. */
export function requirementsOfCode(code: string): string | undefined {
  if (isZip(code)) return undefined;
  const file = path.join(holdsMany(code) ? code : path.dirname(code), 'requirements.txt');
  return existsSync(file) ? file : undefined;
}

function holdsMany(code: string): boolean {
  return isZip(code) || (statSync(code, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Whether the code holds a file of this name. */
function filesOf(code: string): (name: string) => boolean {
  if (!isZip(code)) return (name) => existsSync(path.join(code, name));
  if (!existsSync(code) || zipMistake(code)) return () => false;
  const names = new Set(zipNames(code));
  return (name) => names.has(name);
}

function moduleOf(handler: string): string {
  return handler.slice(0, handler.lastIndexOf('.'));
}
