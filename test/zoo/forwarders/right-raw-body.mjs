// Right: the raw line as the body, and no attributes.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({ toRecord: (line) => ({ body: line }) });
