// The first request that fails ends the object, and the invocation is a success.
import { newHandler, post } from './pipeline.mjs';

async function send(records) {
  if (!(await post(records)).ok) throw new Error('not now');
}

const forward = newHandler({ send });

export const handler = (event) => forward(event).catch((error) => console.log(error.message));
