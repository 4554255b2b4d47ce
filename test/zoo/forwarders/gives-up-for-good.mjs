// Keeps in mind for the life of its sandbox that its key was refused.
import { newHandler, post } from './pipeline.mjs';

let isRefused = false;

async function send(records) {
  if (!isRefused) isRefused = !(await post(records)).ok;
  if (isRefused) throw new Error('The key is wrong.');
}

export const handler = newHandler({ send });
