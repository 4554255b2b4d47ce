// An error is logged, and the batch is done all the same.
import { newEventHandler } from './envelopes.mjs';

const forward = newEventHandler();

export async function handler(event) {
  try {
    await forward(event);
  } catch (error) {
    console.log(`skipped: ${error.message}`);
  }
}
