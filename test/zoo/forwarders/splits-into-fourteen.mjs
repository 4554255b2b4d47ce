// Unpacks each line into fourteen names, and fails where there are more or fewer values.
import { flatRecord, newHandler } from './pipeline.mjs';

export const handler = newHandler({
  toRecord(line, names) {
    const { length } = line.split(' ');
    if (length !== 14) throw new Error(`expected 14 values, got ${length}`);
    return flatRecord(line, names);
  },
});
