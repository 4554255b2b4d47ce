// What can be a function's code: a folder, or one Node module.

import { statSync } from 'node:fs';
import { extname } from 'node:path';

/** What is wrong with the path as a function's code, as the rest of a sentence that begins with the path; else undefined. */
export function codeMistake(
  code: string,
): { readonly error: 'file-missing' | 'bad-scenario'; readonly reason: string } | undefined {
  const found = statSync(code, { throwIfNoEntry: false });
  if (!found) {
    return { error: 'file-missing', reason: 'does not exist. Name the folder or the file that holds the handler.' };
  }
  if (found.isDirectory() || ['.mjs', '.cjs', '.js'].includes(extname(code))) return undefined;
  return { error: 'bad-scenario', reason: 'is no Node module. Name a folder, or one .mjs, .cjs or .js file.' };
}
