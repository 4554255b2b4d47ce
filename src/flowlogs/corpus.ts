// The generated corpus: a pure function of plan and seed. Any object and any record is made from its index alone, so nothing
// is kept in memory but a few numbers per object.

import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { FlowrigError, invariant, InvariantError, nearestWord } from '../core/errors.ts';
import type { Corpus, CorpusObject } from '../core/model/corpus.ts';
import { randomSource, type RandomSource } from '../core/random.ts';
import { Fingerprint } from './fingerprint.ts';
import type { Format } from './formats.ts';
import { hexWord } from './ids.ts';
import { ObjectLines, type LineModel } from './object-lines.ts';
import { ObjectScanner } from './object-scanner.ts';
import { ObjectTexts } from './object-texts.ts';
import type { Sizes } from './mix.ts';
import { planObjects, sumsBefore, type TrafficPlan } from './object-plans.ts';
import { planFiles } from './outside.ts';
import type { Preset } from './preset.ts';
import { findPreset, presets } from './presets/index.ts';
import { objectKey, slotMs } from './s3-key.ts';
import { minutesPerSlot } from './slots.ts';
import { requirePlan } from './traffic-mistakes.ts';

export type { TrafficPlan } from './object-plans.ts';

/** A corpus that can also be read without storing it. */
export interface GeneratedCorpus extends Corpus {
  /** Data line `index` (from 0) of the whole corpus, without its line end: no line before it is made. */
  record(index: number): string;
  /** The plain text of an object, header line included. Valid until the next call. */
  text(object: CorpusObject): Uint8Array;
}

/** Opens the corpus of a plan. Throws `bad-usage` for an unknown preset and for what cannot hold together. */
export function generatedCorpus(plan: TrafficPlan): GeneratedCorpus {
  const preset = requirePreset(plan.preset);
  const format = requirePlan(plan, preset);
  const { parts, model } = planObjects(plan, preset, format);
  // Full files are one a minute in each flow log, others one a slot.
  const slotStep = model.logCount * (preset.pace.kind === 'full' ? minutesPerSlot : 1);
  const { runs, lineCounts } = planFiles(parts, { outside: plan.outside, ahead: plan.ahead, slotStep });
  const files = new Files(plan, preset, { model, format, lineCounts });
  const objects = Array.from(
    { length: lineCounts.length },
    (_, index): CorpusObject => new GeneratedObject(files, index),
  );
  const fingerprint = new Fingerprint(objects);
  const texts = new ObjectTexts(model, format.fields, runs);
  const recordLines = new ObjectLines(model);
  let spareScanner: ObjectScanner | undefined;
  const recordBytes = Buffer.alloc(recordLines.lineSpaceBytes);
  const recordView = new DataView(recordBytes.buffer, recordBytes.byteOffset);

  /** Keeps the digest of an object's text for the fingerprint. */
  function note(object: CorpusObject, plain: Uint8Array): void {
    fingerprint.add(object.index, () => hash('sha256', plain, 'buffer'));
  }

  /** Makes line `index` of an object alone; returns its length with the line end. */
  function putRecord(object: CorpusObject, index: number): number {
    let left = index;
    for (const { plan: planned, first, count } of runs(object.index)) {
      if (left < count) return recordLines.put(recordView, 0, planned, first + left);
      left -= count;
    }
    throw new InvariantError(`Object ${object.index} has no line ${index}.`);
  }

  return {
    version: preset.version,
    lineCount: plan.records,
    objects,
    text: (object) => texts.text(object),
    body: (object, see) =>
      texts.use(object, async (plain) => {
        note(object, plain);
        see?.(plain);
        if (plan.file === 'parquet') return (await import('./parquet/write.ts')).writeParquet(plain, format.fields);
        // At once, on the caller's thread: node:zlib's own threads are a hop away, which took four times as long on a busy machine. Small
        // chunks, for zlib keeps the last one of each call until the whole heap is swept.
        return gzipSync(plain, { level: 1, chunkSize: Math.max(1024, plain.length >> 5) });
      }),
    scan(object, visit) {
      // Who visits may scan an object meanwhile: then there is no spare one.
      const scanner = spareScanner ?? new ObjectScanner(model);
      spareScanner = undefined;
      const counts = scanner.scan(runs(object.index), visit);
      spareScanner = scanner;
      return Promise.resolve(counts);
    },
    visitLine(object, index, visit) {
      visit(recordBytes, 0, putRecord(object, index) - 1, index + 2);
    },
    record(index) {
      invariant(index >= 0 && index < plan.records, `Record ${index} is not among the ${plan.records} of the corpus.`);
      const object = objectOfLine(objects, index);
      const end = putRecord(object, index - object.lineFirst);
      return recordBytes.toString('latin1', 0, end - 1);
    },
    fingerprint() {
      for (const object of objects) if (!fingerprint.has(object.index)) note(object, texts.text(object));
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

/** The object that holds a line of the corpus. */
function objectOfLine(objects: readonly CorpusObject[], line: number): CorpusObject {
  let low = 0;
  let high = objects.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (objects[middle]!.lineFirst <= line) low = middle;
    else high = middle - 1;
  }
  return objects[low]!;
}

/** What is known of all objects, as the store gets them. */
class Files {
  readonly fields: readonly string[];
  readonly lineCounts: Sizes;
  readonly lineFirsts: Float64Array;
  readonly #plan: TrafficPlan;
  readonly #model: LineModel;
  readonly #hashes: RandomSource;

  constructor(
    plan: TrafficPlan,
    preset: Preset,
    { model, format, lineCounts }: { readonly model: LineModel; readonly format: Format; readonly lineCounts: Sizes },
  ) {
    this.fields = format.fields;
    this.lineCounts = lineCounts;
    this.lineFirsts = sumsBefore(lineCounts);
    this.#plan = plan;
    this.#model = model;
    this.#hashes = randomSource(plan.seed).split(preset.name).split('keys');
  }

  key(index: number): string {
    const { layout, file = 'text' } = this.#plan;
    const { traffic } = this.#model.logs[index % this.#model.logCount]!;
    return objectKey({ ...traffic, hash: hexWord(this.#hashes, index), file }, this.slotMs(index), layout);
  }

  /** When its slot begins. */
  slotMs(index: number): number {
    return this.#model.slotOf(Math.floor(index / this.#model.logCount)).startMs;
  }
}

/** What is known of an object is asked for one by one: 50 M records of a small host are 357,146 objects, whose keys alone are 50 MB. */
class GeneratedObject implements CorpusObject {
  readonly index: number;
  readonly #files: Files;

  constructor(files: Files, index: number) {
    this.index = index;
    this.#files = files;
  }

  get key(): string {
    return this.#files.key(this.index);
  }

  get lineFirst(): number {
    return this.#files.lineFirsts[this.index]!;
  }

  get lineCount(): number {
    return this.#files.lineCounts[this.index]!;
  }

  get slotEndMs(): number {
    return this.#files.slotMs(this.index) + slotMs;
  }

  get fields(): readonly string[] {
    return this.#files.fields;
  }

  get condition(): 'intact' {
    return 'intact';
  }
}
