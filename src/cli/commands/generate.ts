// `flowrig generate`: the corpus of a preset or a scenario as files, to a folder, to standard output or into a bucket.

import { gunzipSync } from 'node:zlib';

import { openClock } from '../../core/clock.ts';
import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import { formatBytes, formatCount, formatMs, parseSizeBytes } from '../../core/units.ts';
import type { GeneratedCorpus } from '../../flowlogs/corpus.ts';
import { openCorpus } from '../../run/corpus.ts';
import { parseYaml } from '../../scenario/document.ts';
import { mergeScenario, readScenario } from '../../scenario/load.ts';
import { planScenario, type Plan } from '../../scenario/plan.ts';
import { openOutput } from '../generate/open-output.ts';
import type { Output } from '../generate/output.ts';
import { openGenerateProgress } from '../generate/progress.ts';
import { findScenarioFiles } from '../scenarios.ts';

export interface GenerateOptions {
  readonly preset?: string;
  readonly scenario?: string;
  readonly records?: string;
  readonly bytes?: string;
  readonly seed?: number;
  readonly format?: string;
  readonly file?: string;
  readonly plain?: boolean;
  readonly force?: boolean;
  readonly endpoint?: string;
  readonly out: string;
}

export async function generate(host: Host, options: GenerateOptions): Promise<number> {
  refuseContradictions(options);
  const plan = await sizedPlan(host, options);
  await using output = await openOutput(host, options.out, options);
  const corpus = await openCorpus(plan.traffic, plan.seed);
  const written = await writeAll(host, corpus, output, options.plain ?? false);
  // Standard output is the files' where they go there.
  host.write(
    options.out === '-' ? 'stderr' : 'stdout',
    `${formatCount(corpus.lineCount)} records in ${formatCount(corpus.objects.length)} ${corpus.objects.length === 1 ? 'file' : 'files'} (${formatBytes(written.sizeBytes)}) ${output.where}, in ${formatMs(written.elapsedMs)}\n`,
  );
  return exitCodes.pass;
}

async function writeAll(
  host: Host,
  corpus: Corpus,
  output: Output,
  isPlain: boolean,
): Promise<{ sizeBytes: number; elapsedMs: number }> {
  const clock = openClock();
  const startedMs = clock.nowMs();
  const progress = await openGenerateProgress(host, corpus.lineCount);
  let sizeBytes = 0;
  try {
    for (const object of corpus.objects) {
      const bytes = isPlain ? await plainText(corpus, object) : await corpus.body(object);
      sizeBytes += bytes.byteLength;
      await output.put(isPlain ? object.key.replace(/\.gz$/, '') : object.key, bytes);
      const records = object.lineFirst + object.lineCount;
      progress.show({ records, sizeBytes, elapsedMs: clock.nowMs() - startedMs });
    }
    await output.finish();
  } finally {
    progress.end();
  }
  return { sizeBytes, elapsedMs: clock.nowMs() - startedMs };
}

function refuseContradictions({ preset, scenario, records, bytes, plain, file }: GenerateOptions): void {
  if (preset !== undefined && scenario !== undefined) {
    throw new FlowrigError(
      'bad-usage',
      '--preset and --scenario exclude each other: a scenario names its own traffic.',
    );
  }
  if (records !== undefined && bytes !== undefined) {
    throw new FlowrigError('bad-usage', '--records and --bytes exclude each other: both say how much is written.');
  }
  if (plain && file === 'parquet') {
    throw new FlowrigError('bad-usage', '--plain leaves text uncompressed, and --file parquet writes no text.');
  }
}

/** Lines by which the size of all is told ahead. */
const sampledRecords = 20_000;

/** With `--bytes` as many records as make about so much text, by the lines of a small corpus of the same kind. */
async function sizedPlan(host: Host, options: GenerateOptions): Promise<Plan> {
  if (options.bytes === undefined) return planOf(host, options);
  const wanted = parseSizeBytes(/^\d+$/.test(options.bytes) ? `${options.bytes}B` : options.bytes);
  if (wanted === undefined || wanted < 1) {
    throw new FlowrigError('bad-usage', `--bytes ${options.bytes} is no size, such as 500MB or 2GiB.`);
  }
  const sample = planOf(host, { ...options, records: String(sampledRecords) });
  const corpus = await openCorpus({ ...sample.traffic, faults: [] }, sample.seed);
  let textBytes = 0;
  for (const object of corpus.objects) {
    await corpus.scan(object, (_bytes, start, end) => void (textBytes += end - start + 1));
  }
  const records = Math.max(1, Math.round(wanted / (textBytes / corpus.lineCount)));
  return planOf(host, { ...options, records: String(records) });
}

/** A scenario's traffic where one is named, else the default's, with the options laid over. */
function planOf(host: Host, options: GenerateOptions): Plan {
  const document =
    options.scenario === undefined
      ? parseYaml('version: 1\nname: generate\n', 'generate')
      : readScenario(findScenarioFiles([options.scenario], host.cwd, undefined)[0]!);
  const laid = {
    'traffic.preset': options.preset,
    'traffic.records': options.records,
    'traffic.format': options.format,
    'objects.file': options.file,
  };
  const set = Object.entries(laid).flatMap(([path, value]) => (value === undefined ? [] : [`${path}=${value}`]));
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  return planScenario(mergeScenario(document, undefined, { set, ...seed }, host.cwd));
}

async function plainText(corpus: Corpus, object: CorpusObject): Promise<Uint8Array> {
  const { text } = corpus as Partial<GeneratedCorpus>;
  if (text) return text(object).slice();
  const bytes = await corpus.body(object);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b && object.condition !== 'damaged';
  return isGzip ? gunzipSync(bytes) : bytes;
}
