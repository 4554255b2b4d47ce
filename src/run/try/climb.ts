// Climbs the ladder: a run for each rung, and where one thing hides all else (a bucket's name in the code, a slash behind the URL, the
// time limit) it is stated and the rung is run again without it.

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Host } from '../../core/host.ts';
import type { Finding, RunResult, Validity } from '../../core/model/result.ts';
import type { StoreRequest } from '../../core/model/trigger.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { documentOf } from '../../scenario/document.ts';
import { mergeScenario } from '../../scenario/load.ts';
import { planScenario, type Plan } from '../../scenario/plan.ts';
import { isBucketName } from '../../stores/embedded/bucket-name.ts';
import { openCorpus } from '../corpus.ts';
import { writing } from '../folder.ts';
import { runPlan } from '../harness.ts';
import { ladderFindings } from './findings.ts';
import { observe, type Observed } from './observed.ts';
import { common, largeObjectWithTime, rungsOf, type Rung } from './rungs.ts';

export interface ClimbOptions {
  readonly host: Pick<Host, 'cwd' | 'env' | 'nodePath' | 'nodeVersion'>;
  readonly version: string;
  /** As a scenario says it. */
  readonly target: unknown;
  /** `--target k=v`: laid over the target, each as `target.k=v`. */
  readonly set: readonly string[];
  /** The bucket that the code names; without it the first that it asks for. */
  readonly bucket?: string;
  /** Where run folders go. */
  readonly out: string;
  readonly signal: AbortSignal;
  readonly onRung?: (rung: Rung) => void;
}

export interface ClimbedRung {
  readonly rung: Rung;
  /** With the ladder's own findings among those of the checks. */
  readonly result: RunResult;
  /** Nothing of the rung was kept by the sink, so that higher ones would show nothing. */
  readonly isEnd: boolean;
  /** The key that it sent is not the one that it was given. */
  readonly hasOwnKey: boolean;
}

/** What was learned of the code on the way up. */
interface Learned {
  bucket: string;
  trailingSlash: 'refuse' | 'accept';
}

/** The scenario's bucket, unless the code names another. */
export const defaultBucket = 'flow-logs';

/** What is the same as that nothing arrived, in other words. */
const follows = ['lost-records', 'dead-lettered-records'];

/** Rejects with a FlowrigError where the target cannot be run at all. */
export async function* climb(options: ClimbOptions): AsyncGenerator<ClimbedRung> {
  const learned: Learned = { bucket: options.bucket ?? defaultBucket, trailingSlash: 'refuse' };
  const rungs = rungsOf(await writeLadderFiles(options.out));
  for (const [index, rung] of rungs.entries()) {
    if (options.signal.aborted) return;
    options.onRung?.(rung);
    const { seen, findings } = await climbRung(rung, learned, options);
    const isEnd = index === 0 && seen.result.sink.accepted === 0 && !options.signal.aborted;
    const all = isEnd ? [nothingArrived(seen), ...findings.filter(({ id }) => !follows.includes(id))] : findings;
    yield {
      rung,
      isEnd,
      hasOwnKey: hasOwnKey(seen),
      result: { ...seen.result, verdict: { validity: worstOf(all), findings: all } },
    };
    if (isEnd) return;
  }
}

interface Climbed {
  readonly seen: Observed;
  readonly findings: readonly Finding[];
}

async function climbRung(rung: Rung, learned: Learned, options: ClimbOptions): Promise<Climbed> {
  let scenario = rung.scenario;
  let told: readonly Finding[] = [];
  for (;;) {
    const seen = await runRung({ ...rung, scenario }, learned, options);
    // What was interrupted shows nothing of the code.
    if (options.signal.aborted) return { seen, findings: seen.result.verdict.findings };
    const own = [...ladderFindings(rung.name, seen), ...slashFindings(seen)];
    const next = hiddenBehind(rung, scenario, seen, learned);
    // What hides all else makes every record missing: that is told by its own name.
    if (next === undefined) return { seen, findings: unique([...told, ...seen.result.verdict.findings, ...own]) };
    told = unique([...told, ...(next === scenario ? own : [...seen.result.verdict.findings, ...own])]);
    scenario = next;
  }
}

/** The scenario to run again, with what was learned; undefined where nothing hides the rest. */
function hiddenBehind(
  rung: Rung,
  scenario: Rung['scenario'],
  seen: Observed,
  learned: Learned,
): Rung['scenario'] | undefined {
  if (seen.result.sink.accepted === 0) {
    const foreign = seen.storeRequests.find(
      ({ errorCode, bucket }) => errorCode === 'NoSuchBucket' && isBucketName(bucket),
    );
    if (foreign && foreign.bucket !== learned.bucket) {
      learned.bucket = foreign.bucket;
      return scenario;
    }
    if (learned.trailingSlash === 'refuse' && slashFindings(seen).length > 0) {
      learned.trailingSlash = 'accept';
      return scenario;
    }
  }
  const isLate = seen.result.invocations.timedOut > 0;
  return rung.name === 'large-object' && isLate && scenario !== largeObjectWithTime ? largeObjectWithTime : undefined;
}

/** SigNoz Cloud answers a slash behind the path with 404 (signoz.io/docs, ingestion/signoz-cloud/troubleshooting). */
function slashFindings({ deliveries }: Observed): Finding[] {
  const refused = deliveries.filter(({ statusCode, path }) => statusCode === 404 && path.endsWith('/'));
  const [first] = refused;
  if (!first) return [];
  const summary = `it posts to ${first.path}: SigNoz Cloud answers 404 to a slash at the end, and nothing arrives. From here on it is accepted`;
  const note = `${first.method} ${first.path} -> ${first.statusCode}`;
  return [{ id: 'trailing-slash', check: 'ladder', validity: 'fail', summary, witnesses: [{ note }] }];
}

function nothingArrived({ deliveries, facts, result }: Observed): Finding {
  const statuses = Object.entries(result.sink.statusCounts).map(([status, count]) => `${status} (${count} times)`);
  const failed = facts.find((fact) => fact.type === 'invocation' && fact.status !== 'succeeded');
  const reason =
    failed?.type === 'invocation' ? [failed.errorType, failed.message].filter(Boolean).join(': ') : undefined;
  const summary =
    deliveries.length > 0
      ? `SigNoz kept none of its ${deliveries.length} requests: it answered ${statuses.join(', ')}`
      : 'no request of it reached SigNoz';
  const notes = [deliveries.find(({ decodeError }) => decodeError)?.decodeError, reason].filter(
    (note) => note !== undefined,
  );
  const witnesses = notes.map((note) => ({ note }));
  return { id: 'nothing-arrived', check: 'ladder', validity: 'fail', summary, witnesses };
}

/** Headers are kept with their keys masked, but for the last four characters. */
function hasOwnKey({ deliveries, result }: Observed): boolean {
  const { key } = result.scenario['sink'] as { key: string };
  const sent = deliveries.map(({ headers }) => headers['signoz-ingestion-key']).filter((value) => value !== undefined);
  return sent.some((value) => !value.endsWith(key.slice(-4)));
}

async function runRung(rung: Rung, learned: Learned, options: ClimbOptions): Promise<Observed> {
  const storeRequests: StoreRequest[] = [];
  const plan = planOf(rung, learned, options);
  const { host, version, out, signal } = options;
  const result = await runPlan(plan, {
    host,
    version,
    out,
    signal,
    takesAnyKey: true,
    measuresHeadroom: false,
    onStoreRequest: (request) => void storeRequests.push(request),
  });
  return observe(result, storeRequests, plan.store.bucket);
}

function planOf(rung: Rung, { bucket, trailingSlash }: Learned, { host, target, set }: ClimbOptions): Plan {
  const scenario = {
    ...common,
    name: `try-${rung.name}`,
    summary: rung.title,
    target,
    store: { kind: 'embedded', bucket },
    sink: { trailingSlash },
    ...rung.scenario,
  };
  return planScenario(mergeScenario(documentOf(scenario, 'try'), undefined, { set }, host.cwd), host.env);
}

/** A gzip that is cut and one that is whole, the cut one first in the order of keys. */
async function writeLadderFiles(out: string): Promise<{ cut: string; whole: string }> {
  const plan = planScenario(
    mergeScenario(
      documentOf({ ...common, traffic: { records: 200 }, objects: { maxRecords: 100 } }, 'try'),
      undefined,
      {},
      out,
    ),
  );
  const corpus = await openCorpus(plan.traffic, plan.seed);
  const [first, second] = corpus.objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const folder = join(out, 'try-files');
  const files = { cut: join(folder, basename(first!.key)), whole: join(folder, basename(second!.key)) };
  const [body, whole] = [await corpus.body(first!), await corpus.body(second!)];
  writing(`files below ${folder}`, () => {
    makeFolder(folder);
    writeFileSync(files.cut, body.subarray(0, body.length >> 1));
    writeFileSync(files.whole, whole);
  });
  return files;
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.toReversed().map((finding) => [finding.id, finding])).values()].toReversed();
}

function worstOf(findings: readonly Finding[]): Validity {
  const found = findings.map(({ validity }) => validity);
  return (['fail', 'unknown'] as const).find((validity) => found.includes(validity)) ?? 'pass';
}
