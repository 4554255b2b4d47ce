// Ships the header line as a record.
import { newHandler, splitHeader } from './pipeline.mjs';

export const handler = newHandler({ splitHeader: (lines) => ({ ...splitHeader(lines), lines }) });
