// Looks at no status, in the style of SigNoz's guide.
import { newHandler, post } from './pipeline.mjs';

export const handler = newHandler({ send: post });
