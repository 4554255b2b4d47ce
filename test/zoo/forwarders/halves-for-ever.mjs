// Halves what is too large by calling itself, also when there is nothing left to halve.
import { newHandler, post } from './pipeline.mjs';

const limitBytes = 500_000;

function pieces(records) {
  if (JSON.stringify(records).length < limitBytes) return [records];
  const middle = Math.ceil(records.length / 2);
  return [...pieces(records.slice(0, middle)), ...pieces(records.slice(middle))];
}

async function send(records) {
  for (const piece of pieces(records)) {
    const { ok, status } = await post(piece);
    if (!ok) throw new Error(`SigNoz answered ${status}`);
  }
}

export const handler = newHandler({ send });
