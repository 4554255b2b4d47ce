// Puts srcport where packets belong, and packets where srcport belongs.
import { flatRecord, newHandler } from './pipeline.mjs';

export const handler = newHandler({
  toRecord: (line, names) => {
    const record = flatRecord(line, names);
    return { ...record, srcport: record.packets, packets: record.srcport };
  },
});
