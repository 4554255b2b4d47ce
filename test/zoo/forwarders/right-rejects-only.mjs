// Right where it is promised: forwards rejected flows and nothing else.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler({ select: (lines) => lines.filter((line) => line.split(' ')[12] === 'REJECT') });
