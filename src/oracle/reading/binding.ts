// Which field an attribute's name means. Names bind before values: what a value looks like never decides where it belongs.

import { knownFields, snakeCase } from './field-names.ts';
import { bodyPrefix } from './json-body.ts';

/** How well a name fits a field: the field's own, OpenTelemetry's, or one of these behind a prefix. */
const ranks = { own: 3, openTelemetry: 2, prefixed: 1, shared: 0.5 } as const;

/**
 * `source.address` is the packet's address where the format has it (`pkt-srcaddr`), and stands for `srcaddr` only where nothing
 * else does: a middle layer's address comes as `network.local.address` (the same code, `handleAddresses`).
 */
const packetTwins: Readonly<Record<string, string>> = { srcaddr: 'pkt-srcaddr', dstaddr: 'pkt-dstaddr' };
const localAddress = 'network.local.address';

interface Binding {
  /** Indexes of the fields that the name may mean: both address fields share one OpenTelemetry name. */
  readonly fields: readonly number[];
  readonly rank: number;
  readonly isOpenTelemetry: boolean;
  readonly prefix: string;
}

/** What a set of attribute names (in the order of a record) holds. */
export interface Shape {
  /** For each field the attribute that holds it, or -1. */
  readonly slotOf: Int16Array;
  /** 1 where the field is held under its OpenTelemetry name. */
  readonly isOpenTelemetry: Uint8Array;
  /** The names that hold each field, for the report; undefined where none does. */
  readonly nameOf: readonly (string | undefined)[];
  readonly boundCount: number;
  /**
   * The attribute that holds the address of a middle layer, where it may be either side's: `srcaddr` or `dstaddr` then reads it
   * instead of the packet's own address. -1 where there is none.
   */
  readonly localSlot: number;
  /** For each field the member of a JSON body that holds it beside the attribute, or -1: both must agree. */
  readonly rivalOf: Int16Array;
  readonly hasRivals: boolean;
  /** The attribute that holds the raw line, where a declared layout says so; else -1. */
  readonly lineSlot: number;
  /** Records read with this shape. */
  uses: number;
}

/**
 * Namespaces of OpenTelemetry's semantic conventions that describe the sender and not the flow: `telemetry.sdk.version` is
 * no flow-log version behind a prefix. A prefix that several fields share is the forwarder's own, whatever it is.
 */
const foreignNamespaces =
  /^(telemetry|service|process|os|faas|k8s|container|deployment|otel|code|log|http|device|host)\./;

const ownPrefixUses = 3;

/** Binds names; attributes below `recordStart` are those of the resource or the scope. */
export type Binder = (names: readonly string[], recordStart: number) => Shape;

/** Binds names for the given fields. */
export function openBinder(fields: readonly string[]): Binder {
  const known = knownNames(fields);
  const hasTwin = fields.map((name) => fields.includes(packetTwins[name] ?? ''));
  return (names, recordStart) => {
    const bindings = names.map((name) => bind(name, known));
    const prefixUses = new Map<string, number>();
    for (const binding of bindings) {
      if (binding) prefixUses.set(binding.prefix, (prefixUses.get(binding.prefix) ?? 0) + 1);
    }
    const slotOf = new Int16Array(fields.length).fill(-1);
    const score = new Float64Array(fields.length);
    const rivalOf = new Int16Array(fields.length).fill(-1);
    bindings.forEach((binding, slot) => {
      if (!binding) return;
      const uses = prefixUses.get(binding.prefix)!;
      if (uses < ownPrefixUses && foreignNamespaces.test(binding.prefix)) return;
      // The better name first; among equals the prefix that more fields share; then the record's own attributes.
      const ties = uses * 2 + (slot >= recordStart ? 1 : 0);
      for (const field of binding.fields) {
        const rank = binding.isOpenTelemetry && hasTwin[field] ? ranks.shared : binding.rank;
        const own = rank * 1e6 + ties;
        // What the attributes hold comes first; a body's member is then only held against it.
        const isMember = names[slot]!.startsWith(bodyPrefix);
        const holder = slotOf[field]!;
        const isHeldByMember = holder >= 0 && names[holder]!.startsWith(bodyPrefix);
        if (holder < 0 || (isMember === isHeldByMember && own > score[field]!))
          [slotOf[field], score[field]] = [slot, own];
        else if (isMember && !isHeldByMember) rivalOf[field] = slot;
        else if (!isMember && isHeldByMember) [slotOf[field], rivalOf[field], score[field]] = [slot, holder, own];
      }
    });
    const isOpenTelemetry = new Uint8Array(fields.length);
    slotOf.forEach((slot, field) => {
      if (slot >= 0 && bindings[slot]!.isOpenTelemetry) isOpenTelemetry[field] = 1;
    });
    const shared = fields.flatMap((_, field) => (hasTwin[field] && isOpenTelemetry[field] === 1 ? [field] : []));
    const localSlot = shared.length === 0 ? -1 : names.indexOf(localAddress);
    if (localSlot >= 0 && shared.length === 1) slotOf[shared[0]!] = localSlot;
    return {
      slotOf,
      isOpenTelemetry,
      rivalOf,
      hasRivals: rivalOf.some((slot) => slot >= 0),
      lineSlot: -1,
      localSlot: shared.length === 2 ? localSlot : -1,
      nameOf: fields.map((_, field) => names[slotOf[field]!]),
      boundCount: slotOf.filter((slot) => slot >= 0).length,
      uses: 0,
    };
  };
}

interface KnownName {
  readonly fields: readonly number[];
  readonly isOpenTelemetry: boolean;
}

function knownNames(fields: readonly string[]): ReadonlyMap<string, KnownName> {
  const names = new Map<string, KnownName>();
  const add = (name: string, field: string, isOpenTelemetry: boolean): void => {
    const index = fields.indexOf(field);
    const before = names.get(name);
    if (before && before.isOpenTelemetry !== isOpenTelemetry) return;
    // A name of a field that this corpus lacks stays known, so that it is not cut into a prefix and a shorter name.
    names.set(name, { fields: [...(before?.fields ?? []), ...(index >= 0 ? [index] : [])], isOpenTelemetry });
  };
  const ownNames = new Set([...knownFields.map((field) => field.name), ...fields]);
  for (const name of ownNames) for (const word of new Set([name, snakeCase(name)])) add(word, name, false);
  for (const field of knownFields) for (const name of field.openTelemetry) add(name, field.name, true);
  return names;
}

function bind(name: string, known: ReadonlyMap<string, KnownName>): Binding | undefined {
  for (let start = 0; start < name.length; start++) {
    if (start > 0 && !/[._/:-]/.test(name[start - 1]!)) continue;
    const found = known.get(name.slice(start));
    if (!found) continue;
    const exact = found.isOpenTelemetry ? ranks.openTelemetry : ranks.own;
    return { ...found, rank: start === 0 ? exact : ranks.prefixed, prefix: name.slice(0, start) };
  }
  return undefined;
}
