// Tells of a connection that broke in its log, and goes on.
import { newHandler, steps } from './pipeline.mjs';

const send = (records) => steps.send(records).catch((error) => console.log(`could not send: ${error.message}`));

export const handler = newHandler({ send });
