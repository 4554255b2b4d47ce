// One object from S3 to SigNoz. It is done only when every line is accounted for: delivered, blank or the header. Anything else
// throws, after what could be delivered was delivered, and AWS tries the whole object again.

import { BatchBuilder, type Origin } from './batch.ts';
import { Columns } from './columns.ts';
import type { Config } from './config.ts';
import { Delivery } from './deliver.ts';
import type { ObjectReference } from './event.ts';
import { inflate } from './inflate.ts';
import { LineSplitter } from './lines.ts';
import { compilePlan, isHeader, type Plan } from './plan.ts';
import { openObject, type ReadNeeds } from './read.ts';

/** What became of an object: bytes forwarded, nothing in it, not flow logs, gone, or replaced. */
export type ObjectKind = 'forwarded' | 'empty' | 'foreign' | 'missing' | 'superseded';

/** Lines by what became of them. */
export interface LineCounts {
  read: number;
  header: number;
  blank: number;
  /** In batches that SigNoz took. */
  delivered: number;
  /** Of these, lines with another number of columns than the header: sent as they stand, without attributes. */
  malformed: number;
  /** Over the limit of a line: not sent. */
  tooLong: number;
}

export interface ObjectNeeds {
  readonly config: Config;
  readonly read: ReadNeeds;
  readonly delivery: Delivery;
  readonly builder: BatchBuilder;
  readonly describeOrigin: (object: ObjectReference) => Origin;
}

/** A line of AWS's has a few hundred bytes; SigNoz Cloud takes at most 16 MB a request. */
const maxLineBytes = 1024 * 1024;

export async function forwardObject(
  object: ObjectReference,
  counts: LineCounts,
  needs: ObjectNeeds,
): Promise<ObjectKind> {
  const opened = await openObject(object, needs.read);
  if (opened.kind !== 'bytes') return opened.kind;
  needs.builder.open(needs.describeOrigin(object));
  const journey = new Journey(counts, needs);
  let failure: unknown;
  try {
    for await (const chunk of inflate(opened.pieces)) {
      if (!(await journey.take(chunk))) return 'foreign';
    }
    if (!(await journey.finish())) return 'foreign';
  } catch (error) {
    failure = error;
  }
  // Whole lines that came before the damage are delivered all the same; a line that was cut off is not.
  await journey.flush();
  await journey.settle();
  failure = journey.failure ?? failure;
  if (failure !== undefined) throw failure;
  journey.checkBalance();
  return counts.read === counts.blank + counts.header ? 'empty' : 'forwarded';
}

class Journey {
  failure: Error | undefined;
  readonly #counts: LineCounts;
  readonly #needs: ObjectNeeds;
  readonly #splitter = new LineSplitter(maxLineBytes);
  readonly #columns = new Columns();
  readonly #open = new Set<Promise<void>>();
  #plan: Plan | undefined;

  constructor(counts: LineCounts, needs: ObjectNeeds) {
    this.#counts = counts;
    this.#needs = needs;
  }

  /** False when the object holds no flow logs. */
  async take(chunk: Buffer): Promise<boolean> {
    this.#needs.read.signal.throwIfAborted();
    this.#splitter.push(chunk);
    while (this.#splitter.next()) {
      if (this.#addLine()) continue;
      if (!this.#plan) return false;
      await this.flush();
      if (this.failure) throw this.failure;
      this.#addRecord();
    }
    return true;
  }

  async finish(): Promise<boolean> {
    if (!this.#splitter.finish() || this.#addLine()) return true;
    if (!this.#plan) return false;
    await this.flush();
    this.#addRecord();
    return true;
  }

  /** Hands the batch over and waits for a place among the open requests: so a slow sink stops the reading. */
  async flush(): Promise<void> {
    const { builder, config, delivery } = this.#needs;
    if (builder.recordCount === 0) return;
    while (this.#open.size >= config.inFlight) await Promise.race(this.#open);
    if (this.failure) return;
    const batch = builder.take();
    const sending: Promise<void> = delivery
      .deliver(batch)
      .then(
        (taken) => void (this.#counts.delivered += taken),
        (error: unknown) => void (this.failure ??= error as Error),
      )
      .finally(() => this.#open.delete(sending));
    this.#open.add(sending);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#open);
  }

  /** Throws where a line is neither delivered nor rightly left out. */
  checkBalance(): void {
    const { read, header, blank, delivered, tooLong } = this.#counts;
    const lost = read - header - blank - delivered;
    if (lost === 0) return;
    const reasons = [
      ...(lost > tooLong ? [`${lost - tooLong} refused by SigNoz`] : []),
      ...(tooLong > 0 ? [`${tooLong} longer than ${maxLineBytes} bytes`] : []),
    ];
    throw new Error(`${lost} of ${read} lines were not delivered: ${reasons.join(', ')}.`);
  }

  /** Counts the current line and adds it to the batch; false where the batch is full, or the first line is none of flow logs. */
  #addLine(): boolean {
    const { start, end, bytes, isTooLong } = this.#splitter;
    if (isTooLong) {
      if (!this.#plan) return false;
      this.#counts.read += 1;
      this.#counts.tooLong += 1;
      return true;
    }
    this.#columns.split(bytes, start, end);
    if (this.#columns.count === 0 || isBlank(bytes, start, end)) {
      this.#counts.read += 1;
      this.#counts.blank += 1;
      return true;
    }
    if (!this.#plan && this.#readHeader()) return true;
    if (!this.#plan || !this.#needs.builder.fits(this.#splitter, this.#plan)) return false;
    this.#addRecord();
    return true;
  }

  /** The first line that is not blank decides how the rest is read. True when it was a header. */
  #readHeader(): boolean {
    const { bytes, start, end } = this.#splitter;
    const { starts, ends, count } = this.#columns;
    const { defaultFormat, timestamp } = this.#needs.config;
    const tokens = Array.from({ length: Math.min(count, starts.length) }, (_, i) =>
      bytes.toString('utf8', starts[i], ends[i]),
    );
    if (isHeader(tokens)) {
      this.#plan = compilePlan(tokens, timestamp);
      this.#counts.read += 1;
      this.#counts.header += 1;
      return true;
    }
    const beginning = bytes.toString('latin1', start, Math.min(end, start + 100));
    if (count === defaultFormat.length ? isData(tokens, defaultFormat) : isMalformedData(beginning, defaultFormat))
      this.#plan = compilePlan(defaultFormat, timestamp);
    return false;
  }

  #addRecord(): void {
    const { builder } = this.#needs;
    const plan = this.#plan!;
    const isMalformed = this.#columns.count !== plan.names.length;
    this.#counts.read += 1;
    if (isMalformed) this.#counts.malformed += 1;
    const line = this.#columns.hasHighBytes ? this.#validLine() : this.#splitter;
    // A line that does not fit its header could only be shifted. Failing would bring the object back with the same line, so it
    // goes as it stands: complete, searchable, and without a claim about its fields.
    builder.add(line, this.#columns, isMalformed ? undefined : plan);
  }

  /** OTLP's texts are UTF-8; other bytes become U+FFFD, and columns are found again in the mended line. */
  #validLine(): { bytes: Buffer; start: number; end: number; offset: number } {
    const { bytes, start, end, offset } = this.#splitter;
    const mended = Buffer.from(bytes.toString('utf8', start, end));
    this.#columns.split(mended, 0, mended.length);
    return { bytes: mended, start: 0, end: mended.length, offset };
  }
}

/** Spaces alone are no column; tabs are bytes of a value, unless there is nothing else. */
function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at += 1;
  return at === end;
}

/** Whether a line can be of this format though it has a value too few or too many: it begins as one of AWS's default format does. */
function isMalformedData(beginning: string, format: readonly string[]): boolean {
  const isUsual = format[0] === 'version' && format[1] === 'account-id';
  return isUsual && /^\d+[ \t]+(\d{12}|unknown)[ \t]+(eni-|-[ \t])/.test(beginning);
}

/** Whether the tokens can be a line of this format: a file of something else must not be sent as flow logs. */
function isData(tokens: readonly string[], format: readonly string[]): boolean {
  const version = tokens[format.indexOf('version')];
  const status = tokens[format.indexOf('log-status')];
  return /^(\d+|-)$/.test(version ?? '-') && /^(OK|NODATA|SKIPDATA|-)$/.test(status ?? '-');
}
