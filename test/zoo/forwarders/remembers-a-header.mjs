// Reads the header of the first object, and takes it for that of all others.
import { newHandler, splitHeader } from './pipeline.mjs';

let names;

export const handler = newHandler({
  splitHeader(lines) {
    const split = splitHeader(lines);
    names ??= split.names;
    return { ...split, names };
  },
});
