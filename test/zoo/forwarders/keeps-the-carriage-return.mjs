// Splits lines at LF and values at spaces: the last value of a line keeps the CR.
import { newHandler, post } from './pipeline.mjs';

export const handler = newHandler({
  splitHeader: (lines) => ({ names: (lines[0] ?? '').trimEnd().split(' '), lines: lines.slice(1) }),
  async send(records) {
    const { ok, status } = await post(records);
    if (!ok) throw new Error(`SigNoz answered ${status}`);
  },
});
