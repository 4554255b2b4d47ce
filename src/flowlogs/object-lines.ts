// The lines of generated objects, by random access and in order: which kind of line stands where, in which window, and its
// bytes. One value of this class belongs to one reader, for it remembers the batch that it is in.

import { mix32, type RandomSource } from '../core/random.ts';
import type { Recorder } from './formats.ts';
import type { LineImage } from './line-image.ts';
import * as page from './line-page.ts';
import { attachmentIndex, type LinePlan } from './line-plan.ts';
import { LineWriter } from './line-writer.ts';
import { categoriesOf, categoriesUpTo, type KindCounts } from './mix.ts';
import { newFlow, partCount, type Batch, type Traffic } from './preset.ts';
import { aimAt, keepOff, type PortShare } from './port-shares.ts';
import { batchSize, type Shuffle } from './shuffle.ts';
import type { Slot } from './slots.ts';
import { throughTransitGateway } from './transit-gateway.ts';
import { WindowTexts, type LineInterface, type WindowTextsOptions } from './window-texts.ts';

/** Gaps between windows, in s (open-telemetry/opentelemetry-collector-contrib issue 38861: 52 s long, 61 s apart). */
const gapMaxS = 9;

/** One object, as far as its lines depend on it. */
export interface ObjectPlan {
  /** Never the same for two plans. */
  readonly id: number;
  /** Its place among the objects of its flow log. */
  readonly ordinal: number;
  /** Index of its flow log. */
  readonly log: number;
  /** Its first line among those of its part (parts.ts). */
  readonly lineFirst: number;
  readonly counts: KindCounts;
  /** Lines that are made together. */
  readonly batchLines: number;
  /** Which of its batches have a flow of 2^31 bytes or more. */
  readonly bulk: BulkMarks;
}

/** In each `every` lines of a part stands one such flow; 0 for none. */
export interface BulkMarks {
  readonly every: number;
  /** Lines of the whole part. */
  readonly lineCount: number;
}

/** Lines of one plan, one behind the other. */
export interface Run {
  readonly plan: ObjectPlan;
  readonly first: number;
  readonly count: number;
}

/** One flow log: what is recorded, and how its lines are written. */
export interface LogModel {
  readonly traffic: Traffic;
  readonly plan: LinePlan;
  /** Of the plan; made once for all readers, when batches are first written as rows. Undefined where a page has no room for it. */
  readonly image: () => LineImage | undefined;
  /** The interfaces of the traffic, then idle ones that only ever report NODATA. */
  readonly interfaces: readonly LineInterface[];
  readonly shuffle: Shuffle;
  /** Idle interfaces that report in one minute of a lane, where they report in each; and all that report in one window. */
  readonly idle: { readonly perBatch: number | undefined; readonly perWindow: number };
  /** Added to the number of a batch, so that parts of one flow log do not draw alike. */
  readonly batchIdBase: number;
}

/** What all readers of one corpus share. */
export interface LineModel {
  /** The flow logs of the first part, then those of the others (parts.ts). */
  readonly logs: readonly LogModel[];
  /** Of each part. */
  readonly logCount: number;
  readonly recorder: Recorder;
  /** Whether the format has fields beyond the default one's. */
  readonly hasDetails: boolean;
  readonly random: RandomSource;
  readonly rejectedPorts: readonly PortShare[];
  /** The first minute in which a window of the corpus may end. */
  readonly firstMinute: number;
  /** More batches than any object has. */
  readonly batchesMax: number;
  /** Most windows that a record spans: 1, or 10 where the log aggregates over 10 minutes. */
  readonly windowsMax: number;
  /** The slot of an object by its ordinal. */
  readonly slotOf: (ordinal: number) => Slot;
}

/** What stands in a batch before the rejected records for the ports that the plan names; those of any port are behind them. */
const categories = { nodata: 0, skipdata: 1, ports: 2 } as const;

export class ObjectLines {
  readonly #model: LineModel;
  readonly #writings: readonly Writing[];
  readonly #flow = newFlow();
  readonly #batch: Batch = { id: 0, minute: 0, lane: 0, accepted: new Int32Array(partCount), hasBulk: false };
  #log: LogModel;
  #writing: Writing;
  #planId = -1;
  #batchIndex = -1;
  #key = 0;
  #count = 0;
  #nodataFirst = 0;
  /** Windows since the start of the corpus, and since the start of the aggregation interval: no record spans more. */
  #windowsMost = 1;
  #flowWindowsMost = 1;
  /**
   * For each category the place behind its last line in the batch. Integers, since V8 took all that follows from a place for fractions where
   * these were, and converted it at each use: a tenth of the time.
   */
  #ends = new Int32Array(0);
  /** The first category of those behind the ports, and how many kinds of rejected and of accepted records there are. */
  #measured: number = categories.ports;
  #kinds = 1;

  constructor(model: LineModel) {
    this.#model = model;
    const gaps = model.random.split('gaps');
    const gapS = (minute: number, anchor: number): number => gaps.below(gapMaxS + 1, minute, anchor);
    this.#writings = model.logs.map((log) => writingOf(log, { windowsMax: model.windowsMax, gapS }));
    this.#flow.hasDetails = model.hasDetails;
    this.#log = model.logs[0]!;
    this.#writing = this.#writings[0]!;
  }

  /** What must be free behind a position to put a line there. */
  get lineSpaceBytes(): number {
    return this.#writings.reduce((most, { writer }) => Math.max(most, writer.lineSpaceBytes), 0);
  }

  /** Writes data line `index` (from 0) of an object at `position` of a view; returns the position behind its line end. */
  put(view: DataView, position: number, object: ObjectPlan, index: number): number {
    return this.putRun(view, position, { plan: object, first: index, count: 1 });
  }

  /** The same for lines that stand one behind the other. */
  putRun(view: DataView, position: number, { plan, first, count }: Run): number {
    let at = position;
    for (let index = first; index < first + count;) {
      const batchIndex = Math.floor(index / plan.batchLines);
      if (batchIndex !== this.#batchIndex || plan.id !== this.#planId) this.#openBatch(plan, batchIndex);
      const batchFirst = batchIndex * plan.batchLines;
      const end = Math.min(first + count, batchFirst + this.#count);
      const [from, to] = [index - batchFirst, end - batchFirst];
      at = this.#isWorthRows(to - from) ? this.#putRows(view, at, from, to) : this.#putEach(view, at, from, to);
      index = end;
    }
    return at;
  }

  /** Whether so many lines of the batch are most of it, and most of its lines are measured. */
  #isWorthRows(lines: number): boolean {
    const measured = this.#count - this.#ends[categories.ports - 1]!;
    return Math.min(lines, measured) * 2 > this.#count && this.#log.image() !== undefined;
  }

  /** Line by line: any one of them is found from its index alone. */
  #putEach(view: DataView, position: number, first: number, end: number): number {
    let at = position;
    for (let index = first; index < end; index++) {
      const place = this.#log.shuffle.at(this.#key, index, this.#count);
      let category = this.#ends.length - 1;
      while (category > 0 && place < this.#ends[category - 1]!) category--;
      if (category < categories.ports) at = this.#putUnmeasured(view, at, category, place);
      else {
        this.#draw(category, place - this.#ends[category - 1]!);
        at = this.#writing.writer.putFlow(view, at, this.#flow);
      }
    }
    return at;
  }

  /**
   * Draws the whole batch in the order of its places, where the views of a conversation stand together and the same branches are taken
   * again and again, and writes it in the order of its lines: 1.8 times as many records a CPU second as one by one.
   */
  #putRows(view: DataView, position: number, first: number, end: number): number {
    const { writer, windows } = this.#writing;
    this.#fillRows();
    page.open(this.#log.image()!, windows);
    const linesMax = page.linesAtOnce(writer.lineSpaceBytes);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const nodataEnd = this.#ends[categories.nodata]!;
    const unmeasuredEnd = this.#ends[categories.ports - 1]!;
    let waiting = 0;
    let at = position;
    for (let index = first; index < end; index++) {
      const place = this.#log.shuffle.at(this.#key, index, this.#count);
      const isMeasured = place >= unmeasuredEnd;
      if (isMeasured) page.places[waiting++] = place;
      if (isMeasured && waiting < linesMax) continue;
      at = page.putLines(waiting, bytes, at);
      waiting = 0;
      if (isMeasured) continue;
      at = this.#putUnmeasured(view, at, place < nodataEnd ? categories.nodata : categories.skipdata, place);
    }
    return page.putLines(waiting, bytes, at);
  }

  #fillRows(): void {
    const flow = this.#flow;
    const { windows, attachmentCount } = this.#writing;
    for (let category: number = categories.ports; category < this.#ends.length; category++) {
      const first = this.#ends[category - 1]!;
      const end = this.#ends[category]!;
      for (let place = first; place < end; place++) {
        this.#draw(category, place - first);
        page.putRow(place, flow, windows.indexOf(flow));
        if (!flow.hasDetails) continue;
        page.putDetails(
          place,
          flow,
          attachmentIndex(attachmentCount, flow.isEgress, flow.srcAttachment, flow.dstAttachment),
        );
      }
    }
  }

  /** Draws the i-th record of a category. */
  #draw(category: number, index: number): void {
    if (category < this.#measured) {
      this.#drawAimed(category - categories.ports, index);
      return;
    }
    const kind = category - this.#measured;
    const isRejected = kind < this.#kinds;
    this.#flow.isRejected = isRejected;
    this.#drawMeasured(isRejected ? kind : kind - this.#kinds, index);
  }

  #drawMeasured(kind: number, index: number): void {
    const flow = this.#flow;
    const part = this.#kinds === 1 ? 0 : kind + 1;
    const { traffic } = this.#log;
    if (flow.isRejected) {
      traffic.rejected(flow, this.#batch, part, index);
      if (this.#measured > categories.ports) keepOff(flow, this.#model.rejectedPorts);
    } else traffic.accepted(flow, this.#batch, part, index);
    if (flow.windows > this.#flowWindowsMost) flow.windows = this.#flowWindowsMost;
    if (this.#model.recorder === 'transit-gateway') throughTransitGateway(flow, traffic);
  }

  /** A rejected record for one of the ports that the plan names. */
  #drawAimed(column: number, index: number): void {
    const flow = this.#flow;
    const { traffic } = this.#log;
    const key = batchSize * (column + 1) + index;
    flow.isRejected = true;
    traffic.rejected(flow, this.#batch, 0, key);
    aimAt(flow, this.#model.rejectedPorts[column]!.port, mix32(this.#key, key));
  }

  #putUnmeasured(view: DataView, position: number, category: number, place: number): number {
    const { traffic, interfaces } = this.#log;
    const busyCount = traffic.interfaces.length;
    const flow = this.#flow;
    flow.windows = this.#windowsMost;
    if (category === categories.skipdata) {
      const { recorded } = traffic;
      flow.interfaceIndex = recorded[(this.#batch.id + place - this.#ends[categories.nodata]!) % recorded.length]!;
      return this.#writing.writer.putUnmeasured(view, position, flow, 'skipdata');
    }
    flow.interfaceIndex = busyCount + ((this.#nodataFirst + place) % (interfaces.length - busyCount));
    return this.#writing.writer.putUnmeasured(view, position, flow, 'nodata');
  }

  #openBatch(object: ObjectPlan, batchIndex: number): void {
    const { batchesMax, firstMinute, windowsMax } = this.#model;
    const { counts } = object;
    const slot = this.#model.slotOf(object.ordinal);
    const first = batchIndex * object.batchLines;
    const end = Math.min(first + object.batchLines, counts.lines);
    this.#log = this.#model.logs[object.log]!;
    this.#writing = this.#writings[object.log]!;
    this.#planId = object.id;
    this.#batchIndex = batchIndex;
    const { idle, batchIdBase } = this.#log;
    this.#batch.id = batchIdBase + object.ordinal * batchesMax + batchIndex;
    this.#batch.minute = slot.firstMinute + ((slot.place + batchIndex) % slot.minuteCount);
    this.#batch.lane = slot.place * batchesMax + Math.floor(batchIndex / slot.minuteCount);
    this.#batch.hasBulk = hasBulkMark(object.lineFirst + first, object.lineFirst + end, object.bulk);
    this.#key = this.#log.shuffle.key(this.#batch.id);
    this.#count = end - first;
    this.#countKinds(object, first, end);
    const { minute } = this.#batch;
    this.#windowsMost = Math.min(windowsMax, minute - firstMinute + 1);
    this.#flowWindowsMost = Math.min(this.#windowsMost, (minute % windowsMax) + 1);
    // An interface that is idle for 10 minutes reports once in them.
    const turn = (minute % windowsMax) * idle.perWindow;
    this.#nodataFirst = turn + (idle.perBatch === undefined ? this.#nodataFirst : this.#batch.lane * idle.perBatch);
    this.#writing.windows.open(minute);
  }

  #countKinds({ counts }: ObjectPlan, first: number, end: number): void {
    const all = categoriesOf(counts);
    this.#measured = categories.ports + (counts.ports?.length ?? 0);
    const before = categoriesUpTo(all, counts.lines, first);
    const ends = categoriesUpTo(all, counts.lines, end);
    for (let i = 0; i < ends.length; i++) ends[i]! -= before[i]!;
    this.#kinds = (ends.length - this.#measured) / 2;
    this.#batch.accepted.fill(0);
    for (let kind = 0; kind < this.#kinds; kind++) {
      this.#batch.accepted[this.#kinds === 1 ? 0 : kind + 1] = ends[this.#measured + this.#kinds + kind]!;
    }
    for (let i = 1; i < ends.length; i++) ends[i]! += ends[i - 1]!;
    this.#nodataFirst = before[categories.nodata]!;
    this.#ends = Int32Array.from(ends);
  }
}

/** How the lines of one flow log are written. */
interface Writing {
  readonly writer: LineWriter;
  readonly windows: WindowTexts;
  readonly attachmentCount: number;
}

function writingOf(log: LogModel, options: Pick<WindowTextsOptions, 'windowsMax' | 'gapS'>): Writing {
  const { traffic, plan, interfaces } = log;
  const windows = new WindowTexts({ interfaces, ...options });
  const attachmentCount = traffic.transitGateway.attachments.length;
  const writer = new LineWriter({ plan, windows, ipv6Prefixes: traffic.ipv6Prefixes, attachmentCount });
  return { writer, windows, attachmentCount };
}

/** Whether the mark of so many lines is among these: the middle one of them, or the part's last if that comes first. */
function hasBulkMark(first: number, end: number, { every, lineCount }: BulkMarks): boolean {
  if (every === 0) return false;
  for (let start = Math.floor(first / every) * every; start < end; start += every) {
    const mark = Math.min(start + Math.floor(every / 2), lineCount - 1);
    if (mark >= first && mark < end) return true;
  }
  return false;
}
