// Prints each record that it sends, as the first versions of many forwarders do.
import { newHandler, send } from './pipeline.mjs';

export const handler = newHandler({
  send: async (records) => {
    for (const record of records) console.log(JSON.stringify(record));
    await send(records);
  },
});
