// Finds the function in bare code: its file, its language and its handler, by AWS's usual names, else the only function that can be one.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, parse } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import { codeMistake, handlerOfCode, isZip, runtimeOfCode } from '../../targets/function-code.ts';

export interface FoundHandler {
  readonly code: string;
  readonly runtime: string;
  /** Absent for a `bootstrap`, which has none. */
  readonly handler?: string;
}

/** Names that mean a handler where a module has several functions. */
const usualNames = ['lambda_handler', 'handler', 'main'];

const moduleExtensions = ['.py', '.mjs', '.js', '.cjs'];

/** `handler` is what the user says. Throws a FlowrigError where the code is none, or has no function that can be meant. */
export function findHandler(code: string, handler?: string): FoundHandler {
  const mistake = codeMistake(code);
  if (mistake) throw new FlowrigError(mistake.error, `${code} ${mistake.reason}`);
  const runtime = runtimeOfCode(code, handler);
  if (runtime.startsWith('provided')) return { code, runtime };
  if (handler !== undefined || isZip(code)) return { code, runtime, handler: handler ?? handlerOfCode(code, runtime) };
  const module = statSync(code).isDirectory() ? moduleIn(code) : code;
  return { code, runtime: runtimeOfCode(module, undefined), handler: `${parse(module).name}.${functionIn(module)}` };
}

/** Environment variables that the code reads, as its text shows them; AWS's own are set anyway. */
export function variablesIn(code: string): string[] {
  const pattern =
    /(?:os\.environ(?:\.get)?[[(]\s*|os\.getenv\(\s*|process\.env\[\s*)['"]([A-Z_][A-Z0-9_]*)['"]|process\.env\.([A-Z_][A-Z0-9_]*)/g;
  const names = modulesOf(code).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, quoted, plain]) => (quoted ?? plain)!),
  );
  return [...new Set(names)].filter((name) => !/^(?:AWS_|LAMBDA_|_|PATH$|HOME$|TZ$|LANG$)/.test(name));
}

function modulesOf(code: string): string[] {
  const files = statSync(code).isDirectory() ? readdirSync(code).map((name) => join(code, name)) : [code];
  return files.filter((file) => moduleExtensions.includes(extname(file)));
}

function moduleIn(folder: string): string {
  const modules = modulesOf(folder);
  const usual = ['lambda_function.py', 'index.mjs', 'index.js', 'index.cjs'].map((name) => join(folder, name));
  const found = usual.find((file) => modules.includes(file)) ?? (modules.length === 1 ? modules[0] : undefined);
  if (found !== undefined) return found;
  const has = modules.length === 0 ? 'no module at all' : modules.map((file) => basename(file)).join(', ');
  const message = `${folder} has neither lambda_function.py nor index.mjs, index.js or index.cjs, but ${has}. Name the file, or say --target handler=MODULE.FUNCTION.`;
  throw new FlowrigError('bad-usage', message);
}

/** The function of a usual name, else the only one; what the text does not show may be there by its usual name all the same. */
function functionIn(module: string): string {
  const names = functionsIn(module);
  const usual = usualNames.find((name) => names.includes(name));
  if (usual !== undefined) return usual;
  const [only, ...others] = names;
  const { name: stem, ext } = parse(module);
  if (only === undefined) return ext === '.py' ? 'lambda_handler' : 'handler';
  if (others.length === 0) return only;
  const choices = names.map((name) => `--target handler=${stem}.${name}`).join(', or ');
  throw new FlowrigError(
    'bad-usage',
    `${module} has several functions, and none of a usual name. Say which: ${choices}.`,
  );
}

/** Functions that a module offers, as its text shows them; in Python those that take an event and a context. */
function functionsIn(module: string): string[] {
  const text = readFileSync(module, 'utf8');
  const patterns =
    extname(module) === '.py'
      ? [/^(?:async )?def ([A-Za-z]\w*)\(\s*\w+[^,)]*,\s*\w+[^,)]*\)/gm]
      : [
          /^export (?:async )?function ([A-Za-z_$][\w$]*)/gm,
          /^export (?:const|let|var) ([A-Za-z_$][\w$]*)/gm,
          /^export \{ (?:\w+ as )?(\w+) \}/gm,
          /^(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=/gm,
          /^module\.exports\s*=\s*\{\s*(\w+)\s*[,:}]/gm,
        ];
  return [...new Set(patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name!)))];
}
