// A file's header, compiled: what to do with each column. Made anew for each object, never kept for the next one.

import { columnKinds, fallbackAttribute, knownFields, type ColumnKind } from './fields.ts';
import { lengthDelimited } from './wire.ts';
import { maxColumns } from './columns.ts';

export interface Plan {
  readonly names: readonly string[];
  /** One of `columnKinds` for each column. */
  readonly kinds: Uint8Array;
  /** For each column, the start of its `KeyValue`: field 1 with the attribute's name, then the tag of field 2, the value. */
  readonly keys: readonly Buffer[];
  /** Columns with a place of their own, or -1. `time` becomes the record's timestamp. */
  readonly time: number;
  readonly account: number;
  readonly region: number;
  readonly source: AddressColumns;
  readonly destination: AddressColumns;
  /** The most bytes that a record takes beside its values. */
  readonly overheadBytes: number;
}

/** An address comes in two columns: as the interface saw it and, at a NAT or other middle layer, as the packet carried it. */
export interface AddressColumns {
  /** `srcaddr` or `dstaddr`. */
  readonly seen: number;
  /** `pkt-srcaddr` or `pkt-dstaddr`. */
  readonly packet: number;
}

/** Encoded starts of the attributes that are not a column's own. */
export const addressKeys = {
  source: attributeKey('source.address'),
  destination: attributeKey('destination.address'),
  local: attributeKey('network.local.address'),
  localDestination: attributeKey(fallbackAttribute('dstaddr')),
} as const;

export const offsetKey = attributeKey('log.record.offset');

/**
 * A header is a line of field names. AWS adds fields, so not all need be known: half of them must be, and the rest must look like
 * names. A line of data never does: it has numbers, addresses, or `-`.
 */
export function isHeader(tokens: readonly string[]): boolean {
  if (tokens.length === 0 || tokens.length > maxColumns) return false;
  if (!tokens.every((token) => /^[a-z][a-z0-9-]*$/.test(token))) return false;
  return tokens.filter((token) => knownFields.has(token)).length * 2 >= tokens.length;
}

/** `timestamp` names the field that becomes the record's time; where the format lacks it, the other one of the two does. */
export function compilePlan(names: readonly string[], timestamp: 'end' | 'start'): Plan {
  const otherTime = timestamp === 'end' ? 'start' : 'end';
  const time = names.indexOf(names.includes(timestamp) ? timestamp : otherTime);
  const used = new Set(['source.address', 'destination.address', 'network.local.address', 'log.record.offset']);
  const kinds = new Uint8Array(names.length);
  const keys: Buffer[] = [];
  for (const [i, name] of names.entries()) {
    const repeated = names.indexOf(name) !== i;
    const field = columnOf(name, repeated);
    kinds[i] = i === time && name === 'end' ? columnKinds.time : field.kind;
    keys.push(attributeKey(unusedAttribute(field.attribute, name, used)));
  }
  const column = (name: string): number => names.indexOf(name);
  return {
    names,
    kinds,
    keys,
    time,
    account: column('account-id'),
    region: column('region'),
    source: { seen: column('srcaddr'), packet: column('pkt-srcaddr') },
    destination: { seen: column('dstaddr'), packet: column('pkt-dstaddr') },
    // Lengths and tags of one attribute take at most 24 bytes, the record's own fields and its offset less than 256.
    overheadBytes: 256 + keys.reduce((sum, key) => sum + key.length + 24, 0),
  };
}

function columnOf(name: string, repeated: boolean): { attribute: string; kind: ColumnKind } {
  // A format may name a field twice; the second copy is a text of its own, so that nothing is lost.
  if (repeated) return { attribute: fallbackAttribute(name), kind: columnKinds.text };
  return knownFields.get(name) ?? { attribute: fallbackAttribute(name), kind: columnKinds.text };
}

function unusedAttribute(attribute: string, name: string, used: Set<string>): string {
  let candidate = attribute;
  for (let i = 2; used.has(candidate); i++) candidate = `${fallbackAttribute(name)}_${i}`;
  used.add(candidate);
  return candidate;
}

function attributeKey(attribute: string): Buffer {
  return Buffer.concat([lengthDelimited(1, Buffer.from(attribute)), Buffer.of(0x12)]);
}
