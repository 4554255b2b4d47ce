// Right, by whatever way the event comes.
import { newEventHandler } from './envelopes.mjs';

export const handler = newEventHandler();
