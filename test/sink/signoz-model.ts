// What SigNoz's JSON receiver makes of records, computed from JavaScript values: a second, slow reading of its rules, against which the
// decoder's is held. A record is a list of members, since a key may stand there twice.

import type { SeenAttribute, SeenRecord } from './seen-record.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Members = readonly (readonly [key: string, value: Json | { members: Members }])[];

const reserved = new Set([
  'timestamp',
  'trace_id',
  'span_id',
  'trace_flags',
  'severity_text',
  'severity_number',
  'attributes',
  'resources',
  'body',
  'message',
]);

/** `attributes` and `resources` must be members, and texts stand where the receiver wants texts. */
export function seenFromMembers(record: Members): SeenRecord {
  const fields = new Map(record.map(([key, value]) => [key.toWellFormed(), value]));
  const inner = (key: string): Map<string, Json> => {
    const value = fields.get(key) as { members: Members } | undefined;
    return new Map(value?.members.map(([name, held]) => [name.toWellFormed(), held as Json]));
  };
  const flat = [...fields].filter(([key]) => !reserved.has(key)) as [string, Json][];
  const bodies = record.map(([key]) => key).filter((key) => key === 'body' || key === 'message');
  const later = [...new Set(bodies)].at(-1);
  return {
    resource: seenAttributes([...inner('resources')]),
    scope: [],
    attributes: seenAttributes([...new Map([...inner('attributes'), ...flat])]),
    body: later === undefined ? '' : (fields.get(later) as string).toWellFormed(),
    timestampMs: undefined,
  };
}

function seenAttributes(members: readonly (readonly [string, Json])[]): SeenAttribute[] {
  return members
    .map(([key, value]) => ({
      key,
      value: value === null || typeof value === 'object' ? goJson(value) : wellFormed(value),
    }))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/** A lone surrogate becomes U+FFFD. */
function wellFormed(value: boolean | number | string): boolean | number | string {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Compact JSON as Go's encoder writes it. */
export function goJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (typeof value === 'string') return goText(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value).replace(/e-(\d)$/, 'e-0$1');
  if (value === null || typeof value === 'boolean') return String(value);
  const keys = Object.keys(value).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((key) => `${goText(key)}:${goJson(value[key]!)}`).join(',')}}`;
}

function goText(text: string): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(Buffer.from(text).toString())
    .replace(/[<>&\u2028\u2029]/g, escape)
    .replace(/\\[bf]|\\\\/g, (match) => (match === '\\b' ? '\\u0008' : match === '\\f' ? '\\u000c' : match));
}
