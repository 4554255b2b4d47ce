// What can be a function's code, and what it says of itself: its runtime, its handler, and what it requires.

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

import type { RuntimeFamily } from '../lambda/runtimes/family.ts';
import { familyOf, runtimeFamilies } from '../lambda/runtimes/index.ts';

const moduleExtensions = runtimeFamilies.flatMap(({ extensions }) => extensions);

/** What is wrong with the path as a function's code, as the rest of a sentence that begins with the path; else undefined. */
export function codeMistake(
  code: string,
): { readonly error: 'file-missing' | 'bad-scenario'; readonly reason: string } | undefined {
  const found = statSync(code, { throwIfNoEntry: false });
  if (!found) {
    return { error: 'file-missing', reason: 'does not exist. Name the folder or the file that holds the handler.' };
  }
  if (found.isDirectory() || moduleExtensions.includes(path.extname(code))) return undefined;
  const reason = `is no module. Name a folder, or one ${moduleExtensions.slice(0, -1).join(', ')} or ${moduleExtensions.at(-1)} file.`;
  return { error: 'bad-scenario', reason };
}

/** The runtime of code that names none, by the file that holds the handler; Node's where none is found. */
export function runtimeOfCode(code: string, handler: string | undefined): string {
  const holds = (family: RuntimeFamily): boolean =>
    isFolder(code)
      ? family.extensions.some((extension) =>
          existsSync(path.join(code, moduleOf(handler ?? family.defaultHandler) + extension)),
        )
      : family.extensions.includes(path.extname(code));
  return (runtimeFamilies.find(holds) ?? runtimeFamilies[0]!).defaultRuntime;
}

/** The handler of code that names none: a file's function has the usual name in the file's own module. */
export function handlerOfCode(code: string, runtime: string): string {
  const { defaultHandler } = familyOf(runtime);
  if (isFolder(code)) return defaultHandler;
  return path.parse(code).name + defaultHandler.slice(moduleOf(defaultHandler).length);
}

/** The requirements.txt beside a handler in Python: what deployments are made from. */
export function requirementsOfCode(code: string): string | undefined {
  const file = path.join(isFolder(code) ? code : path.dirname(code), 'requirements.txt');
  return existsSync(file) ? file : undefined;
}

function isFolder(code: string): boolean {
  return statSync(code, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function moduleOf(handler: string): string {
  return handler.slice(0, handler.lastIndexOf('.'));
}
