// The whole loop with a forwarder that costs nearly nothing: on an object's event it GETs the object and posts OTLP bodies that
// were encoded before the clock started. Beside it: the same GETs and POSTs against bare node:http servers in this process.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { request } from 'undici';

import type { Corpus } from '../../../src/core/model/corpus.ts';
import { openClock } from '../../../src/core/clock.ts';
import { processHost } from '../../../src/core/host.ts';
import { runPlan } from '../../../src/run/harness.ts';
import { openCorpus } from '../../../src/run/corpus.ts';
import { documentOf } from '../../../src/scenario/document.ts';
import { mergeScenario } from '../../../src/scenario/load.ts';
import { planScenario } from '../../../src/scenario/plan.ts';
import { openInProcessTarget } from '../../../src/targets/in-process.ts';
import type { Round, Row } from '../row.ts';
import { encodeBodies } from '../otlp-bodies.ts';

const records = 500_000;

const plan = planScenario(
  mergeScenario(
    documentOf({ version: 1, name: 'closed-loop', traffic: { records } }, 'bench'),
    undefined,
    {},
    tmpdir(),
  ),
);

interface Urls {
  readonly s3: string;
  readonly otlp: string;
}

/** GETs the object, and posts its bodies, each awaited. */
async function forward(urls: Urls, key: string, bodies: readonly Uint8Array[]): Promise<void> {
  const object = await request(`${urls.s3}/${plan.store.bucket}/${key}`);
  await object.body.arrayBuffer();
  for (const body of bodies) {
    const headers = { 'content-type': 'application/x-protobuf', 'signoz-ingestion-key': plan.sink.key };
    const answer = await request(urls.otlp, { method: 'POST', headers, body });
    await answer.body.arrayBuffer();
    if (answer.statusCode !== 200) throw new Error(`the sink answered ${answer.statusCode}`);
  }
}

async function throughRig(bodies: ReadonlyMap<string, readonly Uint8Array[]>): Promise<number> {
  const out = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  try {
    const result = await runPlan(plan, {
      host: processHost(),
      version: 'bench',
      out,
      signal: new AbortController().signal,
      openTarget: async ({ clock, address, sink }) =>
        openInProcessTarget({
          clock,
          concurrency: 4,
          handler: async (event) => {
            const { Records } = event as { Records: { s3: { object: { key: string } } }[] };
            for (const { s3 } of Records) {
              await forward({ s3: address.endpoint, otlp: sink.otlpUrl }, s3.object.key, bodies.get(s3.object.key)!);
            }
          },
        }),
    });
    if (result.verdict.validity !== 'pass') throw new Error(JSON.stringify(result.verdict));
    return result.throughput!.recordsPerS!;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function throughBareServers(corpus: Corpus, bodies: ReadonlyMap<string, readonly Uint8Array[]>): Promise<number> {
  const stored = new Map<string, Uint8Array>();
  for (const object of corpus.objects) stored.set(`/${plan.store.bucket}/${object.key}`, await corpus.body(object));
  const s3 = createServer((incoming, answer) => answer.end(stored.get(incoming.url!)));
  const sink = createServer((incoming, answer) => incoming.resume().on('end', () => answer.end()));
  const urls = { s3: await listen(s3), otlp: `${await listen(sink)}/v1/logs` };
  const clock = openClock();
  const startedMs = clock.nowMs();
  const queue = [...corpus.objects];
  const worker = async (): Promise<void> => {
    for (let object = queue.shift(); object; object = queue.shift())
      await forward(urls, object.key, bodies.get(object.key)!);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  const rate = records / ((clock.nowMs() - startedMs) / 1000);
  for (const server of [s3, sink]) server.close().closeAllConnections();
  return rate;
}

async function run(): Promise<Round> {
  const corpus = await openCorpus(plan.traffic, plan.seed);
  const bodies = new Map<string, readonly Uint8Array[]>();
  for (const object of corpus.objects) bodies.set(object.key, await encodeBodies(corpus, object));
  return { ours: await throughRig(bodies), baseline: await throughBareServers(corpus, bodies) };
}

export const row: Row = {
  name: 'closed loop with a null forwarder',
  unit: 'records/s',
  baseline: 'the same GETs and POSTs against bare node:http servers',
  goal: { ours: 300_000 },
  run,
};
