// Takes any answer for success, 429 too.
import { newHandler, post } from './pipeline.mjs';

export const handler = newHandler({ send: async (records) => void (await post(records)) });
