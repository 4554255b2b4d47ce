// A YAML file with positions: every mistake is told with file and line.

import { LineCounter, parseDocument } from 'yaml';

import { FlowrigError, type Problem } from '../core/errors.ts';

export type Path = readonly (string | number)[];

/** A parsed file. `place` gives `file:line` of a path, of its nearest ancestor where the path itself is not there. */
export interface Document {
  readonly file: string;
  readonly value: unknown;
  place(path: Path): string;
}

/** Parses YAML 1.2; syntax errors and duplicate keys are collected and thrown together. */
export function parseYaml(text: string, file: string): Document {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2', prettyErrors: false });
  const placeAt = (offset: number): string => `${file}:${Math.max(1, lines.linePos(offset).line)}`;
  if (parsed.errors.length > 0) {
    const problems: Problem[] = parsed.errors.map((error) => ({
      place: placeAt(error.pos[0]),
      message: error.code === 'DUPLICATE_KEY' ? duplicateKey(text, error.pos[0]) : error.message,
    }));
    throw new FlowrigError('bad-scenario', `${file} is not valid YAML.`, { problems });
  }
  return {
    file,
    value: parsed.toJS() as unknown,
    place(path) {
      for (let length = path.length; length >= 0; length--) {
        const offset = keyOffset(parsed, path.slice(0, length));
        if (offset !== undefined) return placeAt(offset);
      }
      return `${file}:1`;
    },
  };
}

function duplicateKey(text: string, offset: number): string {
  const key = /^[^\s:]+/.exec(text.slice(offset))?.[0] ?? '';
  return `The key "${key}" stands here twice. Keep one.`;
}

/** Where the key (or the item) of a path begins; the value itself may begin on a later line. */
function keyOffset(parsed: ReturnType<typeof parseDocument>, path: Path): number | undefined {
  const last = path.at(-1);
  const parent = path.length < 2 ? parsed.contents : parsed.getIn(path.slice(0, -1), true);
  if (path.length === 0 || typeof last === 'number') {
    const node = path.length === 0 ? parsed.contents : parsed.getIn(path, true);
    return (node as { range?: [number, number, number] } | undefined)?.range?.[0];
  }
  const pairs = (parent as { items?: { key?: { value?: unknown; range?: [number, number, number] } }[] } | null)?.items;
  return pairs?.find((pair) => pair.key?.value === last)?.key?.range?.[0];
}

/** A scenario given as a value: mistakes are told by the path of the key. */
export function documentOf(value: unknown, name: string): Document {
  return { file: name, value, place: (path) => (path.length === 0 ? name : path.join('.')) };
}
