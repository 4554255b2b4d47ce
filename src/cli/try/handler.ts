// Finds the function in bare code: its file, its language and its handler, by AWS's usual names, else the only function that can be one.

import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, parse } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import { zipNames, zipText } from '../../lambda/zip.ts';
import { codeMistake, isZip, languageOfSource, runtimeOfCode } from '../../targets/function-code.ts';

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
  if (handler !== undefined) return { code, runtime, handler };
  const module = moduleIn(code);
  const named = `${parse(module.name).name}.${functionIn(module)}`;
  return { code, runtime: runtimeOfCode(module.name, undefined), handler: named };
}

/** Environment variables that the code reads, as its text shows them; AWS's own are set anyway. */
export function variablesIn(code: string): string[] {
  const pattern =
    /(?:os\.environ(?:\.get)?[[(]\s*|os\.getenv\(\s*|process\.env\[\s*)['"]([A-Z_][A-Z0-9_]*)['"]|process\.env\.([A-Z_][A-Z0-9_]*)/g;
  const names = modulesOf(code).flatMap(({ text }) =>
    [...text().matchAll(pattern)].map(([, quoted, plain]) => (quoted ?? plain)!),
  );
  return [...new Set(names)].filter((name) => !/^(?:AWS_|LAMBDA_|_|PATH$|HOME$|TZ$|LANG$)/.test(name));
}

/** A file of code that Lambda's interpreters run. */
interface Module {
  /** Absolute; in a .zip its name below the archive's. */
  readonly name: string;
  readonly text: () => string;
}

/** Those at the top of a folder or a .zip, or the one that the code is. */
function modulesOf(code: string): Module[] {
  const isModule = (name: string): boolean => moduleExtensions.includes(extname(name));
  if (isZip(code)) {
    const names = zipNames(code).filter((name) => isModule(name) && !name.includes('/'));
    return names.map((name) => ({ name: join(code, name), text: () => zipText(code, name) }));
  }
  const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const files = isFile(code) ? [code] : readdirSync(code).map((name) => join(code, name));
  const modules = files.filter((file) => isModule(file) && isFile(file));
  return modules.map((name) => ({ name, text: () => readFileSync(name, 'utf8') }));
}

function moduleIn(code: string): Module {
  const modules = modulesOf(code);
  const find = (names: readonly string[]): Module | undefined =>
    names.flatMap((usual) => modules.filter(({ name }) => parse(name).base === usual))[0];
  const [python, node] = [find(['lambda_function.py']), find(['index.mjs', 'index.js', 'index.cjs'])];
  if (python && node) {
    const message = `${code} has ${parse(python.name).base} and ${parse(node.name).base}. Say which: --target handler=lambda_function.lambda_handler, or --target handler=index.handler.`;
    throw new FlowrigError('bad-usage', message);
  }
  const found = python ?? node ?? (modules.length === 1 ? modules[0] : undefined);
  if (found) return found;
  throw new FlowrigError('bad-usage', `${code} ${modules.length === 0 ? whereElse(code) : severalIn(modules)}`);
}

function severalIn(modules: readonly Module[]): string {
  const has = modules.map(({ name }) => parse(name).base).join(', ');
  return `has neither lambda_function.py nor index.mjs, index.js or index.cjs, but ${has}. Name the file, or say --target handler=MODULE.FUNCTION.`;
}

/** Of code without any module at its top: what lies deeper, or is no code yet. */
function whereElse(code: string): string {
  const near = ['*', '*/*', '*/*/*'];
  const all = isZip(code) ? zipNames(code) : globSync(near, { cwd: code, exclude: ['**/node_modules', '**/.*'] });
  const deep = all.find((name) => /\/(?:lambda_function\.py|index\.(?:mjs|js|cjs))$/.test(name));
  if (deep !== undefined) {
    const handler = `${join(parse(deep).dir, parse(deep).name)}.${deep.endsWith('.py') ? 'lambda_handler' : 'handler'}`;
    return `has no module at its top, where Lambda looks, but ${deep}. Pack what that folder holds, or say --target handler=${handler}.`;
  }
  const source = all.find((name) => languageOfSource(name) !== undefined && !name.endsWith('.d.ts'));
  if (source === undefined)
    return 'has no module of Python or JavaScript and no bootstrap. Name what holds the handler.';
  return `has no code that Lambda runs, but ${source}. Build it, and name what comes out.`;
}

/** The function of a usual name, else the only one; what the text does not show may be there by its usual name all the same. */
function functionIn(module: Module): string {
  const names = functionsIn(module);
  const usual = usualNames.find((name) => names.includes(name));
  if (usual !== undefined) return usual;
  const [only, ...others] = names;
  const { name: stem, ext } = parse(module.name);
  if (only === undefined) return ext === '.py' ? 'lambda_handler' : 'handler';
  if (others.length === 0) return only;
  const choices = names.map((name) => `--target handler=${stem}.${name}`).join(', or ');
  throw new FlowrigError(
    'bad-usage',
    `${module.name} has several functions, and none of a usual name. Say which: ${choices}.`,
  );
}

/** Functions that a module offers, as its text shows them; in Python those that take an event and a context. */
function functionsIn(module: Module): string[] {
  const text = module.text();
  const patterns =
    extname(module.name) === '.py'
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
