// An object that is older than the last one was forwarded before.
import { newEventHandler, recordsOf } from './envelopes.mjs';

let last = '';

export const handler = newEventHandler((event) =>
  recordsOf(event).filter(({ eventTime }) => {
    const isNew = eventTime >= last;
    if (isNew) last = eventTime;
    return isNew;
  }),
);
