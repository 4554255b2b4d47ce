// The generated corpus: a pure function of plan and seed. Any object and any record is made from its index alone, so nothing
// is kept in memory but one entry per object.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { FlowrigError, invariant, nearestWord } from '../core/errors.ts';
import type { Corpus, CorpusObject, LineCounts, VisitLine } from '../core/model/corpus.ts';
import { randomSource, type RandomSource } from '../core/random.ts';
import { defaultFormat } from './fields.ts';
import { Fingerprint } from './fingerprint.ts';
import { anchorCount, lineBytesMax, lineSpaceBytes, type LineInterface } from './line-writer.ts';
import { mixObjects, type KindCounts } from './mix.ts';
import { ObjectLines, type LineModel, type ObjectPlan } from './object-lines.ts';
import type { Mix, Preset, Traffic } from './preset.ts';
import { findPreset, presets } from './presets/index.ts';
import { objectKey, slotMs } from './s3-key.ts';
import { batchSize } from './shuffle.ts';
import { slotOf } from './slots.ts';

/** What to generate. Shares are 0 to 1; the preset's own hold where they are absent. */
export interface TrafficPlan {
  readonly preset: string;
  readonly seed: number;
  /** Data lines of all kinds. */
  readonly records: number;
  /** Share of the lines with status OK. */
  readonly reject?: number;
  /** Share of all lines. */
  readonly nodata?: number;
  /** Share of all lines. */
  readonly skipdata?: number;
  /** Unix ms in log time; no window begins earlier. */
  readonly startMs: number;
  /** Most records in one object, besides AWS's 75 MB. */
  readonly maxRecords: number;
}

/** A corpus that can also be read without storing it. */
export interface GeneratedCorpus extends Corpus {
  /** Data line `index` (from 0) of the whole corpus, without its line end: no line before it is made. */
  record(index: number): string;
  /** The plain text of an object, header line included. Valid until the next call. */
  text(object: CorpusObject): Uint8Array;
}

/** AWS ends a file at 75 MB (Amazon VPC Transit Gateways, "Flow log files"); of plain text, the stricter reading. */
const objectBytesMax = 75_000_000;
const objectLinesMax = Math.floor(objectBytesMax / lineBytesMax);

/** Idle interfaces beyond these report twice in one window rather than take more memory. */
const idleMax = 65_536;

const header = Buffer.from(`${defaultFormat.join(' ')}\n`, 'latin1');

/** Opens the corpus of a plan. Throws `bad-usage` for an unknown preset and for shares that do not fit. */
export function generatedCorpus(plan: TrafficPlan): GeneratedCorpus {
  const preset = requirePreset(plan.preset);
  requireRanges(plan);
  const { objects, plans, model } = layOut(plan, preset);
  const fingerprint = new Fingerprint(objects.map(({ key }) => key));
  const textLines = new ObjectLines(model);
  const recordLines = new ObjectLines(model);
  const recordBytes = Buffer.alloc(lineSpaceBytes);
  let page = Buffer.alloc(0);

  function text(object: CorpusObject): Uint8Array {
    const sizeMax = header.length + object.lineCount * lineBytesMax + lineSpaceBytes;
    if (page.length < sizeMax) page = Buffer.allocUnsafeSlow(sizeMax);
    page.set(header);
    const view = new DataView(page.buffer);
    const objectPlan = plans[object.index]!;
    let end = header.length;
    for (let i = 0; i < object.lineCount; i++) end = textLines.put(view, end, objectPlan, i);
    return page.subarray(0, end);
  }

  /** The text of an object whose digest the fingerprint needs. */
  function notedText(object: CorpusObject): Uint8Array {
    const plain = text(object);
    fingerprint.add(object.index, () => createHash('sha256').update(plain).digest());
    return plain;
  }

  return {
    version: preset.version,
    lineCount: plan.records,
    objects,
    text,
    // At once, on the caller's thread: the rig has one for it, and zlib's own threads would want a copy of the text each.
    body: (object) => Promise.resolve(gzipSync(notedText(object), { level: 1, chunkSize: 262_144 })),
    scan: (object, visit) => Promise.resolve(scan(new ObjectLines(model), plans[object.index]!, visit)),
    record(index) {
      invariant(index >= 0 && index < plan.records, `Record ${index} is not among the ${plan.records} of the corpus.`);
      const object = plans[Math.floor(index / plans[0]!.counts.lines)]!;
      const end = recordLines.put(
        new DataView(recordBytes.buffer, recordBytes.byteOffset),
        0,
        object,
        index - object.lineFirst,
      );
      return recordBytes.toString('latin1', 0, end - 1);
    },
    fingerprint() {
      for (const object of objects) if (!fingerprint.has(object.index)) notedText(object);
      return Promise.resolve(fingerprint.digest());
    },
  };
}

function requirePreset(name: string): Preset {
  const preset = findPreset(name);
  if (preset) return preset;
  const names = presets.map((known) => known.name);
  const near = nearestWord(name, names);
  throw new FlowrigError(
    'bad-usage',
    `There is no preset "${name}". ${near ? `Did you mean "${near}"?` : `Take one of: ${names.join(', ')}.`}`,
  );
}

/** The end of the year 9999, the last that a key can name. */
const startMsMax = 253_402_300_799_999;

function requireRanges(plan: TrafficPlan): void {
  const { records, maxRecords, startMs, reject = 0, nodata = 0, skipdata = 0 } = plan;
  const ranges: [name: string, value: number, least: number, most: number][] = [
    ['records', records, 0, Number.MAX_SAFE_INTEGER],
    ['maxRecords', maxRecords, 1, Number.MAX_SAFE_INTEGER],
    ['start', startMs, 0, startMsMax],
    ...Object.entries({ reject, nodata, skipdata }).map(([name, share]): [string, number, number, number] => [
      name,
      share,
      0,
      1,
    ]),
  ];
  const problems = ranges
    .filter(([, value, least, most]) => !(value >= least && value <= most))
    .map(([name, value, least, most]) => ({ message: `${name} is ${value}; it must be from ${least} to ${most}.` }));
  if (problems.length === 0) return;
  const message = problems.map((problem) => problem.message).join(' ');
  throw new FlowrigError('bad-usage', `The traffic cannot be generated: ${message}`, { problems });
}

function scan(lines: ObjectLines, plan: ObjectPlan, visit: VisitLine): LineCounts {
  const bytes = Buffer.alloc(lineSpaceBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < plan.counts.lines; i++) visit(bytes, 0, lines.put(view, 0, plan, i) - 1, i + 2);
  return { data: plan.counts.lines, header: 1, blank: 0 };
}

/** Places the records into objects and decides what each holds. */
function layOut(plan: TrafficPlan, preset: Preset): { objects: CorpusObject[]; plans: ObjectPlan[]; model: LineModel } {
  const random = randomSource(plan.seed).split(preset.name);
  const traffic = preset.open(random.split('traffic'));
  const linesMax = Math.min(plan.maxRecords, objectLinesMax);
  const objectCount = Math.ceil(plan.records / linesMax);
  const lines = Array.from({ length: objectCount }, (_, i) => Math.min(linesMax, plan.records - i * linesMax));
  const counts = mixObjects(mixOf(plan, preset.mix), lines);
  const hashes = random.split('keys');
  const plans = counts.map((kinds, index) => ({ index, lineFirst: index * linesMax, counts: kinds }));
  const objects = plans.map(({ index, lineFirst, counts: { lines: lineCount } }): CorpusObject => {
    const slot = slotOf(plan.startMs, index);
    const hash = hashes.at(index).toString(16).padStart(8, '0');
    const key = objectKey({ ...traffic, hash }, slot.startMs);
    const slotEndMs = slot.startMs + slotMs;
    return { index, key, lineFirst, lineCount, slotEndMs, fields: defaultFormat, condition: 'intact' };
  });
  const model: LineModel = {
    traffic,
    interfaces: lineInterfaces(traffic, counts, random.split('interfaces')),
    random,
    startMs: plan.startMs,
    lineCount: plan.records,
    batchesMax: Math.ceil(linesMax / batchSize),
  };
  return { objects, plans, model };
}

function mixOf(plan: TrafficPlan, usual: Mix): Mix {
  return {
    reject: plan.reject ?? usual.reject,
    nodata: plan.nodata ?? usual.nodata,
    skipdata: plan.skipdata ?? usual.skipdata,
  };
}

/** Busy interfaces, then one idle interface for each NODATA line of an object: it reports once in each minute of a slot. */
function lineInterfaces(traffic: Traffic, counts: readonly KindCounts[], random: RandomSource): LineInterface[] {
  const busy = traffic.interfaces.map(({ interfaceId }) => interfaceId);
  const idleCount = counts.reduce((most, { nodata }) => Math.max(most, nodata), 1);
  const idle = Array.from({ length: Math.min(idleCount, idleMax) }, (_, i) => {
    const words = [random.at(i, 1), random.at(i, 2)];
    return `eni-0${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
  });
  return [...busy, ...idle].map((interfaceId, i) => ({ interfaceId, anchorS: random.below(anchorCount, i, 3) }));
}
