// Any other version of the message than today's is none that it can read.
import { newEventHandler, recordsOf } from './envelopes.mjs';

export const handler = newEventHandler((event) => {
  const records = recordsOf(event);
  const other = records.find(({ eventVersion }) => eventVersion !== '2.1');
  if (other) throw new Error(`unsupported eventVersion ${other.eventVersion}`);
  return records;
});
