// `flowrig generate`: the corpus of a preset or a scenario as files, each at its key below a folder.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import { formatBytes, formatCount } from '../../core/units.ts';
import { openCorpus } from '../../run/corpus.ts';
import { parseYaml } from '../../scenario/document.ts';
import { mergeScenario, readScenario } from '../../scenario/load.ts';
import { planScenario, type Plan } from '../../scenario/plan.ts';
import { findScenarioFiles } from '../scenarios.ts';

export interface GenerateOptions {
  readonly preset?: string;
  readonly scenario?: string;
  readonly records?: string;
  readonly seed?: number;
  readonly plain?: boolean;
  readonly force?: boolean;
  readonly out: string;
}

export async function generate(host: Host, options: GenerateOptions): Promise<number> {
  refuseOtherPlaces(options.out);
  const plan = planOf(host, options);
  const out = resolve(host.cwd, options.out);
  refuseFilledFolder(out, options);
  const corpus = await openCorpus(plan.traffic, plan.seed);
  let sizeBytes = 0;
  for (const object of corpus.objects) {
    const bytes = options.plain ? await plainText(corpus, object) : await corpus.body(object);
    writeWhole(join(out, options.plain ? object.key.replace(/\.gz$/, '') : object.key), bytes);
    sizeBytes += bytes.byteLength;
  }
  host.write(
    'stdout',
    `${formatCount(corpus.lineCount)} records in ${formatCount(corpus.objects.length)} ${corpus.objects.length === 1 ? 'file' : 'files'} (${formatBytes(sizeBytes)}) below ${out}\n`,
  );
  return exitCodes.pass;
}

/** A scenario's traffic where one is named, else the default's, with the options laid over. */
function planOf(host: Host, options: GenerateOptions): Plan {
  if (options.preset !== undefined && options.scenario !== undefined) {
    throw new FlowrigError(
      'bad-usage',
      '--preset and --scenario exclude each other: a scenario names its own traffic.',
    );
  }
  const document =
    options.scenario === undefined
      ? parseYaml('version: 1\nname: generate\n', 'generate')
      : readScenario(findScenarioFiles([options.scenario], host.cwd, undefined)[0]!);
  const set = [
    ...(options.preset === undefined ? [] : [`traffic.preset=${options.preset}`]),
    ...(options.records === undefined ? [] : [`traffic.records=${options.records}`]),
  ];
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  return planScenario(mergeScenario(document, undefined, { set, ...seed }, host.cwd));
}

function refuseOtherPlaces(out: string): void {
  if (out !== '-' && !/^[a-z][a-z0-9+.-]*:\/\//.test(out)) return;
  throw new FlowrigError('bad-usage', `--out ${out}: files are written to a folder only. Name one.`);
}

function refuseFilledFolder(out: string, options: GenerateOptions): void {
  if (options.force || !existsSync(out) || readdirSync(out).length === 0) return;
  throw new FlowrigError(
    'folder-not-empty',
    `--out ${options.out}: ${out} is not empty. Give another folder, or --force.`,
  );
}

async function plainText(corpus: Corpus, object: CorpusObject): Promise<Uint8Array> {
  const lines: Buffer[] = [Buffer.from(`${object.fields.join(' ')}\n`)];
  await corpus.scan(object, (bytes, start, end) => {
    lines.push(Buffer.from(bytes.subarray(start, end)), Buffer.from('\n'));
  });
  return Buffer.concat(lines);
}

/** A half-written file never stands under its final name. */
function writeWhole(path: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.partial`, bytes);
    renameSync(`${path}.partial`, path);
  } catch (cause) {
    rmSync(`${path}.partial`, { force: true });
    throw new FlowrigError('cannot-write', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
