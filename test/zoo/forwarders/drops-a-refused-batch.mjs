// A batch that SigNoz refuses is a bad batch, and forgotten.
import { newHandler, post, steps } from './pipeline.mjs';

async function send(records) {
  const { status } = await post(records);
  if (status !== 200 && status !== 400) await steps.send(records);
}

export const handler = newHandler({ send });
