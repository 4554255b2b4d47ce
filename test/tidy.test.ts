// Rules of the house that no linter knows: who may import whom, how long a file may grow, where the outside world may be touched.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');
const fileLengthLimit = 400;

const everyRoom =
  'core flowlogs measure stores triggers lambda targets sink oracle scenario run load report ui cli forwarder'.split(
    ' ',
  );
const without = (...rooms: string[]): string[] => everyRoom.filter((room) => !rooms.includes(room));

/** Imports point down only. A room may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  forwarder: [],
  flowlogs: ['core'],
  measure: ['core'],
  lambda: ['core'],
  stores: ['core'],
  triggers: ['core'],
  sink: ['core'],
  scenario: ['core', 'flowlogs', 'stores', 'triggers', 'lambda', 'targets', 'sink', 'oracle'],
  oracle: ['core', 'flowlogs'],
  targets: ['core', 'lambda'],
  report: ['core', 'measure'],
  ui: ['core', 'report'],
  run: without('report', 'ui', 'cli', 'forwarder', 'load'),
  load: ['core', 'measure', 'scenario', 'run'],
  cli: without('forwarder'),
  'index.ts': without('forwarder', 'cli'),
  'vitest.ts': ['index.ts'],
};

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const sources: readonly SourceFile[] = filesBelow(src).map((path) => ({
  path: relative(root, path),
  room: relative(src, path).split(sep)[0]!,
  text: readFileSync(path, 'utf8'),
}));

function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1]!);
}

/** Imports that the table forbids, as sentences. */
function forbiddenImports(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, room, text }) => {
    const allowed = mayImport[room];
    if (!allowed) return [`${path}: the room ${room} is not in the table`];
    return importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(src, resolve(root, dirname(path), specifier)))
      .filter((target) => !target.startsWith('..'))
      .map((target) => target.split(sep)[0]!)
      .filter((target) => target !== room && !allowed.includes(target))
      .map((target) => `${path} imports ${target}`);
  });
}

/** Code without comments and texts, so that a word in a sentence does not count. */
function codeOnly(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|[^:])\/\/.*$/gm, '$1')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, (literal) => (literal.includes('${') ? literal : '``'));
}

const outside: readonly [RegExp, string][] = [
  [/(?<![.\w#])process\s*(\.|\[)/, 'process'],
  [/(?<![.\w])(setTimeout|setInterval|setImmediate)\s*\(/, 'timers'],
  [/from\s+''node:timers/, 'timers'],
  [/(?<![.\w])Date\b(?!\w)\s*[.(]/, 'Date'],
  [/new Date\b/, 'Date'],
  [/Math\.random/, 'Math.random'],
  [/(?<![.\w])performance\.now/, 'performance.now'],
  [/\brandomUUID\b/, 'randomUUID'],
];

function touchesOutside(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, room }) => room !== 'core' && !isExempt(path))
    .flatMap(({ path, text }) => {
      const code = codeOnly(text);
      return outside.filter(([pattern]) => pattern.test(code)).map(([, name]) => `${path} touches ${name}`);
    });
}

/** These run outside of the rig, or inject the outside world themselves. */
function isExempt(path: string): boolean {
  return (
    path === join('src', 'forwarder', 'index.ts') ||
    path === join('src', 'cli', 'flowrig.js') ||
    path.startsWith(join('src', 'lambda', 'runtimes')) ||
    path.startsWith(join('src', 'ui', 'page'))
  );
}

test('imports point down only, as the table says', () => {
  expect(forbiddenImports(sources)).toEqual([]);
});

test('the import rule sees an arrow that points up', () => {
  const file = { path: join('src', 'core', 'x.ts'), room: 'core', text: "import { a } from '../run/harness.ts';" };
  expect(forbiddenImports([file])).toEqual([`${file.path} imports run`]);
});

test('nobody imports the forwarder', () => {
  expect(Object.values(mayImport).flat()).not.toContain('forwarder');
});

test(`no source or test file is longer than ${fileLengthLimit} lines`, () => {
  const files = [...filesBelow(src), ...filesBelow(join(root, 'test'))];
  const long = files.filter((path) => readFileSync(path, 'utf8').split('\n').length > fileLengthLimit + 1);
  expect(long.map((path) => relative(root, path))).toEqual([]);
});

test('process, timers, Date and Math.random stand in core only', () => {
  expect(touchesOutside(sources)).toEqual([]);
});

test('the outside rule sees each forbidden word, and no word of a sentence', () => {
  const text = [
    'process.exit(1)',
    'setTimeout(f, 1)',
    'Date.now()',
    'new Date(5)',
    'Math.random()',
    'performance.now()',
  ];
  const file = { path: join('src', 'run', 'x.ts'), room: 'run', text: text.join(';\n') };
  const names = ['process', 'timers', 'Date', 'Date', 'Math.random', 'performance.now'];
  expect(touchesOutside([file])).toEqual(names.map((name) => `${file.path} touches ${name}`));
  expect(touchesOutside([{ ...file, text: "// the process ends\nconst a = 'Date.now()';" }])).toEqual([]);
});
