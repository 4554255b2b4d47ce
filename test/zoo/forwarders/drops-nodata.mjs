// Drops lines without traffic, as a parser does that wants a value in every field.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({ select: (lines) => lines.filter((line) => !line.endsWith('NODATA')) });
