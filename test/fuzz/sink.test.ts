// Requests from nowhere: whatever is sent, the sink answers or closes the connection, stays up, stays small, and its archive says
// afterwards what the sink said while it ran. `npm run fuzz` sends many more than `npm test`.

import { connect } from 'node:net';

import { expect, test } from 'vitest';

import { keptCount } from '../../src/core/model/delivery.ts';
import { randomSource } from '../../src/core/random.ts';
import { openArchive } from '../../src/sink/archive.ts';
import { key, openSinkRig, post } from '../sink/rig.ts';
import { readVectors, requestBody } from '../sink/vector.ts';
import { mutatedRequest, type FuzzedRequest } from './mutated-request.ts';

/** Half of them for each edition. */
const inputCount = Number(process.env['FUZZ_INPUTS'] ?? 2000) / 2;
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const atOnce = 8;
/** Answers that take longer are hangs: nothing here waits on purpose. */
const hangMs = 30_000;
/** What V8 and zlib may hold on to beside the bodies in flight. */
const growthBytes = 400 * 1024 ** 2;

const vectors = [...readVectors('json-receiver.jsonl'), ...readVectors('otlp-http.jsonl')].filter(
  ({ request, group }) => !request.raw && group !== 'timing' && requestBody(request.body).length < 100_000,
);

test.for(['cloud', 'selfhost'] as const)(
  'the sink survives requests from nowhere (%s)',
  { timeout: 60_000 + inputCount * 30 },
  async (edition) => {
    await using rig = await openSinkRig({ edition, onRecords: (_, show) => show(() => undefined) });
    const { sink } = rig;
    const random = randomSource(seed).split(edition);
    const urls = [sink.jsonUrl, sink.otlpUrl];
    const hung: (readonly string[])[] = [];
    let startBytes = 0;
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < inputCount) {
        const index = next++;
        if (index === Math.floor(inputCount / 4)) startBytes = process.memoryUsage.rss();
        const request = mutatedRequest(vectors, random, index);
        if (!(await ends(urls[index % 2]!, request))) hung.push([`${index}`, ...request.story]);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(hung).toEqual([]);
    expect(process.memoryUsage.rss() - startBytes).toBeLessThan(growthBytes);
    expect((await post(sink.jsonUrl, '[{"body":"still here"}]')).status).toBe(200);
    await sink.idle();
    expect(sink.openRequests()).toBe(0);
    expect(sink.counts().requests).toBeGreaterThan(inputCount / 2);
    // Kept and refused alike: what the archive decodes to is what was decoded when it came.
    const archive = await openArchive(rig.folder);
    expect(archive.complete).toBe(true);
    const strange: unknown[] = [];
    for (const delivery of archive.deliveries.filter(({ kept, decodeError }) => kept || decodeError !== undefined)) {
      const again = await archive.visit(delivery.sequence, () => undefined);
      if (delivery.kept && again.recordCount !== keptCount(delivery)) strange.push({ delivery, again });
      if (!delivery.kept && again.error !== delivery.decodeError) strange.push({ delivery, again });
    }
    expect(strange.slice(0, 5)).toEqual([]);
  },
);

/** False where neither an answer nor the end of the connection came. */
function ends(url: string, { pieces }: FuzzedRequest): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('connect', () => {
      // With the key, so that more than the head is looked at.
      const [head, ...rest] = pieces as [Buffer, ...Buffer[]];
      const lineEnd = head.indexOf('\r\n') + 2;
      socket.write(head.subarray(0, lineEnd));
      socket.write(`signoz-ingestion-key: ${key}\r\n`);
      socket.write(head.subarray(lineEnd));
      for (const piece of rest) socket.write(piece);
      socket.end();
    });
    socket.setTimeout(hangMs, () => {
      resolve(false);
      socket.destroy();
    });
    socket.on('data', () => undefined);
    socket.on('error', () => resolve(true));
    socket.on('close', () => resolve(true));
  });
}
