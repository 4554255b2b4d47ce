// Remembers what was forwarded, by an id that different events can have in common: the second of their time, and the bucket.
import { newEventHandler, recordsOf } from './envelopes.mjs';

const seen = new Set();

export const handler = newEventHandler((event) =>
  recordsOf(event).filter(({ eventTime, s3 }) => {
    const id = `${s3.bucket.name} ${eventTime.slice(0, 19)}`;
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  }),
);
