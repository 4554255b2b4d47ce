// Takes every line for a record, the header too.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({ splitHeader: (lines) => ({ names: (lines[0] ?? '').split(' '), lines }) });
