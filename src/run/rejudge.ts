// Judges a run again from its folder: scenario, seed and archive say it all; no target is needed. A run that was killed has no
// result.json, and its verdict says what is not proved.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import type { Delivery } from '../core/model/delivery.ts';
import type { EndedFact, RunFact } from '../core/model/invocation.ts';
import type { Headroom, RunResult, SinkCounts } from '../core/model/result.ts';
import { parseInstantMs } from '../core/units.ts';
import { layoutOf, leftOutOf, openLedger } from '../oracle/index.ts';
import { mergeScenario, readScenario } from '../scenario/load.ts';
import { planScenario } from '../scenario/plan.ts';
import { openArchive, type Archive } from '../sink/archive.ts';
import { newDeliveryTally } from '../sink/tally.ts';
import { formatsOf, openCorpus } from './corpus.ts';
import { readFacts } from './folder.ts';
import { bookArchive, countFaults, judgeArchive } from './judgement.ts';
import { resultOf } from './result.ts';

export async function rejudge(folder: string, version: string): Promise<RunResult> {
  const { facts: told, complete } = readFacts(folder);
  const facts = complete ? told : [...told, endOfKilledRun(told)];
  const plan = planScenario(mergeScenario(readScenario(join(folder, 'scenario.yaml')), undefined, {}, folder));
  const corpus = await openCorpus(plan.traffic, plan.seed);
  const earlier = earlierResult(folder);
  const fingerprint = await corpus.fingerprint();
  if (earlier && earlier.corpus.fingerprint !== fingerprint) throw otherCorpus(folder, earlier, fingerprint);
  const archive = await openWhole(join(folder, 'archive'), earlier);
  const spill = await mkdtemp(join(tmpdir(), 'flowrig-judge-'));
  try {
    await using ledger = openLedger({
      fields: formatsOf(corpus),
      seed: plan.seed,
      folder: spill,
      leftOut: leftOutOf(plan.promises),
      dropped: plan.promises.fields.dropped,
      ...layoutOf(plan.promises),
    });
    const isWhole = await bookArchive(archive, ledger);
    const resources = earlier?.resources.target;
    const faultsFired = countFaults(plan.faults, facts);
    const judgement = await judgeArchive({
      plan,
      corpus,
      archive: { ...archive, complete: archive.complete && isWhole },
      ledger,
      facts,
      faultsFired,
      folder,
      ...(resources === undefined ? {} : { resources }),
    });
    const startedMs = earlier ? (parseInstantMs(earlier.startedAt) ?? 0) : timeOf(facts[0]!);
    const ended = facts.at(-1) as EndedFact;
    return resultOf(plan, {
      version,
      startedMs,
      endedMs: earlier ? startedMs + earlier.durationMs : ended.atMs,
      skippedMs: ended.skippedMs,
      environment: earlier?.environment ?? {},
      corpus: {
        fingerprint,
        version: corpus.version,
        lines: corpus.lineCount,
        objects: corpus.objects.length,
      },
      target: earlier?.target ?? { kind: plan.target.kind },
      facts,
      sink: countDeliveries(archive.deliveries),
      faultsFired,
      resources: earlier?.resources ?? {},
      headroom: sameCeiling(earlier?.headroom, judgement.throughput?.recordsPerS),
      judgement,
      folder,
    });
  } finally {
    await rm(spill, { recursive: true, force: true });
  }
}

/** The machine is as it was; what the run used of it is judged anew. */
function sameCeiling(earlier: Headroom | undefined, recordsPerS: number | undefined): Headroom | undefined {
  if (!earlier || recordsPerS === undefined) return undefined;
  return { ...earlier, share: recordsPerS / earlier.ceilingRecordsPerS };
}

/** A judgement of other lines would blame the forwarder for what it never saw. */
function otherCorpus(folder: string, earlier: RunResult, fingerprint: string): FlowrigError {
  return new FlowrigError(
    'bad-run-folder',
    `The corpus of ${folder} is not the one that was run: its fingerprint is now ${fingerprint.slice(0, 12)}, and was ` +
      `${earlier.corpus.fingerprint.slice(0, 12)}. Put the files of traffic.files back as they were; a preset may need ` +
      `flowrig ${earlier.flowrig.version}, which wrote it.`,
  );
}

/** The archive, complete only where it holds as many deliveries as the run counted. */
async function openWhole(folder: string, earlier: RunResult | undefined): Promise<Archive> {
  const archive = await openArchive(folder);
  const isWhole = earlier === undefined || earlier.sink.requests === archive.deliveries.length;
  return { ...archive, complete: archive.complete && isWhole };
}

/** What a killed run could not write: it proves nothing more than an interrupted one. */
function endOfKilledRun(facts: readonly RunFact[]): EndedFact {
  const last = facts.at(-1);
  return { type: 'ended', atMs: last ? timeOf(last) : 0, how: 'interrupted', skippedMs: 0 };
}

function timeOf(fact: RunFact): number {
  switch (fact.type) {
    case 'stored':
      return fact.storedMs;
    case 'notified':
      return fact.sentMs;
    case 'invocation':
      return fact.endedMs;
    default:
      return fact.atMs;
  }
}

function earlierResult(folder: string): RunResult | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as RunResult;
  } catch {
    return undefined;
  }
}

function countDeliveries(deliveries: readonly Delivery[]): SinkCounts {
  const tally = newDeliveryTally();
  for (const delivery of deliveries) tally.add(delivery);
  return tally.counts();
}
