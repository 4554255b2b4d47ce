// From a schema's complaints to sentences: what is wrong, the value, and the nearest right word. Values with a `kind` are checked
// against that kind alone, so that nobody reads about branches that were never meant.

import type { TSchema } from 'typebox';
import Schema from 'typebox/schema';

import { nearestWord, type Problem } from '../core/errors.ts';
import { quantityKinds, type QuantityKind } from '../core/quantity.ts';
import type { Document, Path } from './document.ts';
import { kindLists } from './schema.ts';

interface Mistake {
  readonly path: Path;
  readonly message: string;
}

interface SchemaNode {
  readonly properties?: Record<string, SchemaNode>;
  readonly items?: SchemaNode;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly quantity?: QuantityKind;
  readonly positive?: boolean;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Every mistake of a document, each with its place. */
export function validateDocument(document: Document, schema: TSchema): Problem[] {
  return mistakesIn(document.value, schema).map(({ path, message }) => ({ place: document.place(path), message }));
}

/** Every mistake of a value. Parts that have kinds are taken out, checked on their own, and put under their path. */
export function mistakesIn(value: unknown, schema: TSchema): Mistake[] {
  if (!isObject(value)) return [{ path: [], message: `This must be a mapping of keys to values, not ${show(value)}.` }];
  const rest: Record<string, unknown> = { ...value };
  const mistakes: Mistake[] = [];
  for (const [where] of kindLists) {
    const [key, star] = where.split('/') as [string, string?];
    if (!(key in rest) || !(key in ((schema as SchemaNode).properties ?? {}))) continue;
    const part = rest[key];
    delete rest[key];
    if (star === undefined) mistakes.push(...partMistakes(part, [key], where));
    else if (!Array.isArray(part)) mistakes.push({ path: [key], message: `${key} must be a list, not ${show(part)}.` });
    else part.forEach((item, index) => mistakes.push(...partMistakes(item, [key, index], where)));
  }
  mistakes.push(...schemaMistakes(rest, schema, []));
  return mistakes;
}

function partMistakes(part: unknown, path: Path, where: string): Mistake[] {
  const list = kindLists.get(where)!;
  const names = list.map((entry) => entry.kind);
  const noun = path[0] === 'faults' ? 'fault' : String(path[0]);
  if (noun === 'target' && typeof part === 'string') {
    return part === 'builtin:forwarder' ? [] : [{ path, message: unknownWord('target', part, ['builtin:forwarder']) }];
  }
  if (!isObject(part)) return [{ path, message: `A ${noun} must be a mapping with a kind, not ${show(part)}.` }];
  const kind = part['kind'];
  if (kind === undefined) return [{ path, message: `This ${noun} has no kind. Kinds: ${names.join(', ')}.` }];
  const entry = list.find((candidate) => candidate.kind === kind);
  if (!entry) return [{ path: [...path, 'kind'], message: unknownWord(`kind of ${noun}`, kind, names) }];
  const mistakes = schemaMistakes(part, entry.config, path);
  const message = mistakes.length === 0 ? entry.mistake?.(part) : undefined;
  return message === undefined ? mistakes : [{ path, message }];
}

function schemaMistakes(value: unknown, schema: TSchema, base: Path): Mistake[] {
  const [, errors] = Schema.Errors(schema, value);
  const mistakes: Mistake[] = [];
  const told = new Set<string>();
  for (const error of errors) {
    const path = pathOf(error.instancePath);
    const node = nodeAt(schema as SchemaNode, path);
    if (error.keyword === 'boolean') continue;
    if (error.keyword === 'additionalProperties') {
      // Where keys are no words but numbers, the example shows what they look like.
      const known = Object.keys(node?.properties ?? Object(node?.examples?.[0] ?? {}));
      const extra = (error.params as { additionalProperties: string[] }).additionalProperties;
      for (const key of extra)
        mistakes.push({ path: [...base, ...path, key], message: unknownWord('key', key, known) });
      continue;
    }
    const message =
      error.keyword === 'required'
        ? `The key ${(error.params as { requiredProperties: string[] }).requiredProperties.map((key) => `"${key}"`).join(', ')} is missing.`
        : wrongValue([...base, ...path], valueAt(value, path), node, error.message);
    const at = path.join('/');
    if (error.keyword !== 'required' && told.has(at)) continue;
    told.add(at);
    mistakes.push({ path: [...base, ...path], message });
  }
  return mistakes;
}

function wrongValue(path: Path, value: unknown, node: SchemaNode | undefined, fallback: string): string {
  const name = path.filter((step) => typeof step === 'string').join('.');
  if (node?.quantity) {
    const { name: quantityName, examples } = quantityKinds[node.quantity];
    const range = node.positive ? ' above 0' : node.quantity === 'share' ? ' between 0 and 1' : '';
    return `${name}: ${show(value)} is not ${quantityName}${range}. Write it like ${(node.examples ?? examples).slice(0, 3).join(', ')}.`;
  }
  if (node?.enum) {
    return typeof value === 'string'
      ? `${name}: ${unknownWord('word', value, node.enum.map(String))}`
      : `${name}: ${show(value)} is none of ${node.enum.join(', ')}.`;
  }
  if (node?.const !== undefined) return `${name}: ${show(value)} is not supported yet; only ${show(node.const)} is.`;
  const example = node?.examples?.[0];
  const hint = example === undefined ? '' : ` Example: ${JSON.stringify(example)}.`;
  return `${name}: ${show(value)} ${fallback}.${hint}`;
}

/** `"preest" is no key here; did you mean "preset"?`, or the list of what there is: in its room, where the word names one. */
export function unknownWord(noun: string, given: unknown, words: readonly string[]): string {
  const word = typeof given === 'string' ? given : '';
  const room = /^\w+\./.exec(word)?.[0] ?? '';
  const ofRoom = words.filter((each) => each.startsWith(room));
  const [before, listed] = ofRoom.length > 0 ? [room, ofRoom] : ['', words];
  // What they have in common makes no word nearer.
  const ends = listed.map((each) => each.slice(before.length));
  const nearest = typeof given === 'string' ? nearestWord(word.slice(before.length), ends) : undefined;
  const advice = nearest === undefined ? `There is: ${listed.join(', ')}.` : `Did you mean "${before}${nearest}"?`;
  return `${show(given)} is not a known ${noun}. ${advice}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathOf(pointer: string): (string | number)[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function nodeAt(schema: SchemaNode, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[step];
  return node;
}

function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const step of path) at = (at as Record<string | number, unknown> | undefined)?.[step];
  return at;
}
