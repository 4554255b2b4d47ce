// Returns while its last requests are still to be sent: the sandbox freezes with them.
import { newHandler, send } from './pipeline.mjs';

export const handler = newHandler({
  send: async (records) => {
    setTimeout(() => void send(records), 2000);
  },
});
