// Right: the flat JSON of SigNoz's guide, done well.
import { newHandler } from './pipeline.mjs';

export const handler = newHandler();
