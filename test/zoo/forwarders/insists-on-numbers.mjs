// Reads ports, protocol and counters as numbers, and fails at one that is none.
import { flatRecord, newHandler } from './pipeline.mjs';

const numeric = new Set(['srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end']);

export const handler = newHandler({
  toRecord(line, names) {
    const record = flatRecord(line, names);
    for (const [name, value] of Object.entries(record)) {
      if (numeric.has(name) && !/^\d+$/.test(value)) throw new TypeError(`${name}: invalid number "${value}"`);
    }
    return record;
  },
});
