// From files and options to one merged scenario: defaults, flowrig.yaml, the scenario, --target, --set, in this order.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';

import { parse } from 'yaml';

import { FlowrigError, type Problem } from '../core/errors.ts';
import { commandPaths } from './command-plan.ts';
import { parseYaml, type Document, type Path } from './document.ts';
import { projectSchema, scenarioSchema } from './schema.ts';
import { mistakesIn, validateDocument } from './validate.ts';

type Mapping = Record<string, unknown>;

/** flowrig.yaml, found from the working folder upwards. */
export interface Project {
  readonly document: Document;
  readonly value: Mapping;
  /** Its folder: paths in it are relative to this. */
  readonly folder: string;
}

/** What `--target` and `--set` said. */
export interface Overrides {
  readonly target?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
}

/** A merged scenario with, for each top-level section, who said it: to resolve paths and to place mistakes. */
export interface MergedScenario {
  /** The file of the scenario. */
  readonly file: string;
  /** Without what is told in `problems`, so that the rest can be looked at too. */
  readonly value: Mapping;
  /** What the schema refuses. */
  readonly problems: readonly Problem[];
  /** Folder that relative paths of a section start from. */
  folderOf(section: string): string;
  /** `file:line` of a path, or the option that said it. */
  place(path: Path): string;
}

const sectionsReplacedWhole = new Set(['target', 'faults', 'expect']);

export function findProject(cwd: string): Project | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, 'flowrig.yaml');
    if (existsSync(file)) {
      const document = readDocument(file);
      throwProblems(file, validateDocument(document, projectSchema));
      return { document, value: document.value as Mapping, folder };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** Reads a scenario file. What its keys say wrong is told when they are merged with all else. */
export function readScenario(file: string): Document {
  const document = readDocument(file);
  if (!isMapping(document.value)) throwProblems(file, validateDocument(document, scenarioSchema));
  return document;
}

/** Reads a YAML file; throws where there is none. */
export function readDocument(file: string): Document {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new FlowrigError('file-missing', `Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  return parseYaml(text, file);
}

export function mergeScenario(
  scenario: Document,
  project: Project | undefined,
  overrides: Overrides,
  cwd: string,
): MergedScenario {
  const value: Mapping = { name: nameOfFile(scenario.file) };
  const owners = new Map<string, { folder: string; place: (path: Path) => string }>();
  const apply = (layer: Mapping, owner: { folder: string; place: (path: Path) => string }): void => {
    for (const [section, written] of Object.entries(layer)) {
      const content = section === 'promises' ? withLayoutPath(written, owner.folder) : written;
      value[section] = sectionsReplacedWhole.has(section) ? content : mergeKeys(value[section], content);
      owners.set(section, owner);
    }
  };
  const scenarioOwner = { folder: dirname(resolve(scenario.file)), place: (path: Path) => scenario.place(path) };
  if (project) {
    const { version: _version, scenarios: _scenarios, ...layer } = project.value;
    apply(layer, { folder: project.folder, place: (path) => project.document.place(path) });
  }
  apply(scenario.value as Mapping, scenarioOwner);
  if (overrides.target !== undefined)
    apply({ target: readTarget(overrides.target, cwd) }, optionOwner('--target', cwd));
  if (overrides.seed !== undefined) apply({ seed: overrides.seed }, optionOwner('--seed', cwd));
  for (const assignment of overrides.set ?? []) {
    apply(readAssignment(assignment, value), optionOwner(`--set ${assignment}`, cwd));
  }
  const owner = (section: string | number | undefined) => owners.get(String(section)) ?? scenarioOwner;
  const place = (path: Path): string => {
    const assignment = overrides.set?.findLast((each) => isBelow(path, each.slice(0, each.indexOf('='))));
    return assignment === undefined ? owner(path[0]).place(path) : `--set ${assignment}`;
  };
  const mistakes = mistakesIn(value, scenarioSchema);
  return {
    file: scenario.file,
    value: without(
      value,
      mistakes.map(({ path }) => path),
    ),
    problems: mistakes.map(({ path, message }) => ({ place: place(path), message })),
    folderOf: (section: string) => owner(section).folder,
    place,
  };
}

/** Whether a key is the one that a path such as `traffic.records` names, or below it. */
function isBelow(path: Path, named: string): boolean {
  return `${path.join('.')}.`.startsWith(`${named}.`);
}

/** The promises of several files are merged key by key: the path of a layout is relative to the file that names it. */
function withLayoutPath(promises: unknown, folder: string): unknown {
  const layout = isMapping(promises) ? promises['layout'] : undefined;
  if (typeof layout !== 'string' || layout === 'auto') return promises;
  return { ...(promises as Mapping), layout: resolve(folder, layout) };
}

/** A copy without what stands at the paths. A list, and a part whose kind is wrong, goes as a whole. */
function without(value: Mapping, paths: readonly Path[]): Mapping {
  const kept = structuredClone(value);
  for (const path of paths) {
    const holders: unknown[] = [kept];
    for (const step of path.slice(0, -1)) holders.push((holders.at(-1) as Mapping | undefined)?.[step]);
    const isWhole = path.at(-1) === 'kind' || !holders.every(isMapping);
    const [holder, key] = isWhole ? [kept, path[0]!] : [holders.at(-1) as Mapping, path.at(-1)!];
    delete holder[key];
  }
  return kept;
}

/** A file's name without its ending, in what names may hold: `My Scenario.yaml` is my-scenario. */
function nameOfFile(file: string): string {
  const stem = basename(file, extname(file)).toLowerCase();
  const name = stem
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return name === '' ? 'scenario' : name;
}

function optionOwner(option: string, folder: string): { folder: string; place: () => string } {
  return { folder, place: () => option };
}

/** A copy of `base` with the keys of `over` on top. What is no mapping, or has another kind, is replaced whole. */
function mergeKeys(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  if ('kind' in over && over['kind'] !== base['kind']) return over;
  const merged: Mapping = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = mergeKeys(merged[key], value);
  return merged;
}

/** `--target`: builtin:forwarder, a YAML file with a target, or code: a folder or one file for a Lambda. */
export function readTarget(text: string, cwd: string): unknown {
  if (text.startsWith('builtin:')) return text;
  const path = resolve(cwd, text);
  if (!existsSync(path)) {
    throw new FlowrigError(
      'file-missing',
      `--target ${text}: there is no such file. Give a YAML file with a target, code, or builtin:forwarder.`,
    );
  }
  if (!statSync(path).isFile() || !/\.ya?ml$/.test(path)) return { kind: 'lambda', code: path };
  const document = readDocument(path);
  const content = document.value as Mapping | null;
  const target = isMapping(content) && 'target' in content ? content['target'] : content;
  if (!isMapping(target)) return target;
  const absolute = target['kind'] === 'command' ? commandPaths : absolutePaths;
  return { ...target, ...absolute(target, dirname(path)) };
}

/** Paths of a target are relative to the file that names them. */
function absolutePaths(target: Mapping, folder: string): Mapping {
  const found: Mapping = {};
  for (const key of ['code', 'requirements', 'interpreter']) {
    const value = target[key];
    const isName = key === 'interpreter' && !String(value).includes('/');
    if (typeof value === 'string' && !isName && !value.startsWith('builtin:')) found[key] = resolve(folder, value);
  }
  if (Array.isArray(target['layers'])) {
    found['layers'] = target['layers'].map((layer) =>
      typeof layer === 'string' ? resolve(folder, layer) : (layer as unknown),
    );
  }
  return found;
}

/** `--set a.b=value`, the value read as YAML, laid over what stands there. */
function readAssignment(assignment: string, base: Mapping): Mapping {
  const match = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(assignment);
  if (!match)
    throw new FlowrigError('bad-usage', `--set ${assignment}: write it as path=value, like --set traffic.records=10k.`);
  const path = match[1]!.split('.');
  const root: Mapping = { [path[0]!]: structuredClone(base[path[0]!]) };
  let at: Mapping = root;
  for (const step of path.slice(0, -1)) {
    if (typeof at[step] !== 'object' || at[step] === null) at[step] = {};
    at = at[step] as Mapping;
  }
  at[path.at(-1)!] = parse(match[2]!) as unknown;
  return root;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws one error that lists all problems, if there are any. */
export function throwProblems(file: string, unordered: readonly Problem[]): void {
  if (unordered.length === 0) return;
  const order = new Intl.Collator('en', { numeric: true });
  const problems = unordered.toSorted((a, b) => order.compare(a.place ?? '', b.place ?? ''));
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  throw new FlowrigError('bad-scenario', `${file} has ${count}.`, { problems });
}
