// Leaves the first line out, and names the values of the others as the default format does, whatever that line said.
import { newHandler } from './pipeline.mjs';

const names =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

export const handler = newHandler({ splitHeader: (lines) => ({ names, lines: lines.slice(1) }) });
