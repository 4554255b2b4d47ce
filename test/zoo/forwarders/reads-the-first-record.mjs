// An event has one record, so far.
import { newEventHandler, recordsOf } from './envelopes.mjs';

export const handler = newEventHandler((event) => recordsOf(event).slice(0, 1));
