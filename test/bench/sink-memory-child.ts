// A process that takes requests until its input ends, and then tells its peak memory: `ours`, the sink and the ledger on a thread of
// their own as in a run, or `bare`, a node:http server. `node sink-memory-child.ts ours|bare FOLDER`

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ownResources } from '../../src/core/host.ts';
import { openThread } from '../../src/core/thread.ts';
import type { SinkMemoryCalls } from './sink-memory-thread.ts';

const [kind, folder] = process.argv.slice(2);

async function ours(): Promise<{ url: string; booked: () => Promise<number> }> {
  const thread = openThread<SinkMemoryCalls>(import.meta.url, './sink-memory-thread', { data: { folder } });
  return { url: await thread.call('url'), booked: () => thread.call('booked') };
}

async function bare(): Promise<{ url: string; booked: () => Promise<number> }> {
  const server = createServer((incoming, answer) => void incoming.resume().on('end', () => answer.end()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, booked: () => Promise.resolve(0) };
}

const { url, booked } = await (kind === 'ours' ? ours : bare)();
console.log(url);
process.stdin.resume().on('end', () => {
  void booked().then((records) => {
    console.log(JSON.stringify({ rssPeakBytes: ownResources().rssPeakBytes, records }));
    process.exit();
  });
});
