// Each attribute has one type: SigNoz keeps texts, numbers and booleans of one name in columns apart, so a query on one of them misses
// the others (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter: attributes_string, attributes_number, attributes_bool).

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import type { Finding, Witness } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { convict } from '../explanation/evidence.ts';
import { isEmptyValue } from '../reading/shapes.ts';
import { type Check, type ObservingJudge, type SeenRecord } from './check.ts';

const name = 'types-stable';

/** Integers and doubles share a column. */
const typeWords = ['text', 'a number', 'a number', 'a boolean', 'a list or map'];
const typeOf: readonly number[] = [0, 1, 1, 3, 4];
const namesTold = 20;
/** A forwarder that invents names must not fill the memory. */
const namesWatched = 4096;

export const typesStable: Check = {
  name,
  form: name,
  summary: 'each attribute has one type in all records',
  read: (rest) => (rest === '' ? openJudge() : undefined),
};

interface Attribute {
  readonly bytes: Uint8Array;
  readonly counts: Float64Array;
  readonly firsts: (Witness | undefined)[];
}

function openJudge(): ObservingJudge {
  const attributes = new Map<string, Attribute>();
  // Names stand in the same order in most records, so each slot's last attribute is tried first.
  const last: (Attribute | undefined)[] = [];

  function find(view: RecordView, slot: number): Attribute | undefined {
    const name = view.source.subarray(view.keyStart[slot], view.keyEnd[slot]);
    const known = last[slot];
    if (known && equal(known.bytes, name)) return known;
    const key = `${slot < view.resourceAttributeCount ? 'resource ' : ''}${new TextDecoder().decode(name)}`;
    let attribute = attributes.get(key);
    if (!attribute) {
      if (attributes.size >= namesWatched) return undefined;
      attribute = { bytes: name.slice(), counts: new Float64Array(5), firsts: [] };
      attributes.set(key, attribute);
    }
    last[slot] = attribute;
    return attribute;
  }

  return {
    onRecord(record) {
      if (!record.kept || record.kind !== arrivalKinds.record) return;
      const { view } = record;
      for (let slot = 0; slot < view.attributeCount; slot++) {
        if (isEmptyValue(view, slot)) continue;
        const attribute = find(view, slot);
        if (!attribute) continue;
        const type = typeOf[view.valueKind[slot]!]!;
        if (attribute.counts[type] === 0) attribute.firsts[type] = witnessOf(record, slot);
        attribute.counts[type]! += 1;
      }
    },
    judge(): Finding[] {
      const unstable = [...attributes].filter(([, { counts }]) => counts.filter((count) => count > 0).length > 1);
      return unstable.slice(0, namesTold).map(([attribute, { counts, firsts }]) => {
        const told = [...counts.keys()]
          .filter((type) => counts[type]! > 0)
          .toSorted((a, b) => counts[b]! - counts[a]!)
          .map((type) => `${timesOf(counts[type]!)} as ${typeWords[type]}`);
        const witnesses = firsts.filter((witness) => witness !== undefined).reverse();
        return convict({
          id: `type-unstable:${attribute}`,
          check: name,
          summary: `${attribute} arrived ${told.join(' and ')}: SigNoz keeps these in columns apart`,
          witnesses,
        });
      });
    },
  };
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : `${formatCount(count)} times`;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function witnessOf({ view, delivery, line }: SeenRecord, slot: number): Witness {
  const kind = view.valueKind[slot]!;
  const text = new TextDecoder().decode(view.source.subarray(view.valueStart[slot], view.valueEnd[slot]));
  const value = kind === valueKinds.text ? JSON.stringify(text) : kind === valueKinds.other ? '...' : view.number[slot];
  const key = new TextDecoder().decode(view.source.subarray(view.keyStart[slot], view.keyEnd[slot]));
  return { arrived: line(), deliveries: [delivery.sequence], note: `${key} = ${value}, ${typeWords[kind]}` };
}
