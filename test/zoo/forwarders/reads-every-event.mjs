// Whatever happened to an object, it is read.
import { newEventHandler } from './envelopes.mjs';

export const handler = newEventHandler((event) => event.Records);
