// Binds names as a declared layout says: each field to the one place that it names.

import type { Binder } from './binding.ts';
import { knownFields } from './field-names.ts';
import { bodyPrefix } from './json-body.ts';
import type { Layout } from './layout.ts';

export function openLayoutBinder(fields: readonly string[], layout: Layout): Binder {
  const places = fields.map((name) => layout.fields[name]);
  return (names, recordStart) => {
    const find = (place: string | undefined): number =>
      place === undefined ? -1 : findPlace(place, names, recordStart);
    const slotOf = Int16Array.from(places, find);
    return {
      slotOf,
      isOpenTelemetry: Uint8Array.from(fields, (name, field) => (isOpenTelemetry(name, names[slotOf[field]!]) ? 1 : 0)),
      nameOf: places.map((place, field) => (slotOf[field]! >= 0 ? place : undefined)),
      boundCount: slotOf.filter((slot) => slot >= 0).length,
      localSlot: -1,
      rivalOf: new Int16Array(fields.length).fill(-1),
      hasRivals: false,
      lineSlot: find(layout.line),
      uses: 0,
    };
  };
}

function findPlace(place: string, names: readonly string[], recordStart: number): number {
  if (place.startsWith(bodyPrefix)) return names.lastIndexOf(place);
  const room = place.slice(0, place.indexOf('.'));
  const name = place.slice(room.length + 1);
  if (room === 'resource') return names.slice(0, recordStart).indexOf(name);
  return room === 'attributes' ? names.indexOf(name, recordStart) : -1;
}

/** `type` may come in lower case under this name alone. */
function isOpenTelemetry(field: string, name: string | undefined): boolean {
  return name !== undefined && knownFields.some((known) => known.name === field && known.openTelemetry.includes(name));
}
