// Splits values as a shell does: quotation marks hold together what stands between them, and go.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({
  toRecord(line, names) {
    const values = line.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
    return Object.fromEntries(values.map((value, at) => [names[at], value.replaceAll(/["'\\]/g, '')]));
  },
});
