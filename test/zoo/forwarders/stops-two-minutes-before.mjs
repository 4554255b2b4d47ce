// Hands over what it could not finish two minutes before its time is over, whatever time it has.
import { newEventHandler } from './envelopes.mjs';

const forward = newEventHandler();

export async function handler(event, context) {
  if (context.getRemainingTimeInMillis() < 120_000) throw new Error('No time is left.');
  await forward(event);
}
