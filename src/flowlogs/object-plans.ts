// Places the records of a plan into objects: how many lines each has, in which slot, of which flow log, and how many of each kind.

import { randomSource, type RandomSource } from '../core/random.ts';
import { defaultFormat } from './fields.ts';
import type { Format } from './formats.ts';
import { hexId } from './ids.ts';
import { lineImage } from './line-image.ts';
import { planLines, type LineWorld } from './line-plan.ts';
import type { InterfaceMix } from './interface-mixes.ts';
import type { ObjectCounts, ObjectMix, Share, Sizes } from './mix.ts';
import type { BulkMarks, LineModel, LogModel, ObjectPlan } from './object-lines.ts';
import { splitLines } from './parts.ts';
import type { FieldValues, Mix, Phase, Preset, Scope, Traffic, TrafficOptions } from './preset.ts';
import type { PortShare } from './port-shares.ts';
import type { FileFormat, KeyLayout } from './s3-key.ts';
import { batchSize, Shuffle } from './shuffle.ts';
import { firstMinuteOf, minuteSlot, wholeSlot, type Slot } from './slots.ts';
import { Texts } from './texts.ts';
import { anchorCount } from './window-texts.ts';

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
  /** Share of the lines with status OK. */
  readonly ipv6?: number;
  /** Share of the lines with status OK, ICMPv6 included. */
  readonly icmp?: number;
  /** Shares of the rejected lines that are for some ports; no other rejected line is for them. */
  readonly rejectedPorts?: readonly PortShare[];
  /** Shares of the accepted lines of conversations that have some ports at the server's end; no other accepted line has them. */
  readonly acceptedPorts?: readonly PortShare[];
  /** Interfaces with mixes of their own; the shares beside it stay those of all lines. */
  readonly interfaceMixes?: readonly InterfaceMix[];
  /** How the mix changes over the time of the log. */
  readonly phases?: readonly Phase[];
  /** A name of formats.ts, or AWS's notation; the preset's own where absent. */
  readonly format?: string;
  /** Interfaces with traffic, in each flow log; the preset's own number where absent. */
  readonly interfaces?: number;
  /** AWS's TrafficType. */
  readonly filter?: Filter;
  readonly scope?: Scope;
  /** AWS's MaxAggregationInterval, 60 or 600. Interfaces of Nitro instances would ignore the longer one. */
  readonly aggregationS?: number;
  /** Unix ms in log time; no window begins earlier. */
  readonly startMs: number;
  /** Most records in one object, besides AWS's 75 MB. */
  readonly maxRecords: number;
  /** Share of all lines that stand in a file of the next slot, beyond its `maxRecords`. */
  readonly outside?: number;
  /** Share of all lines that stand in a file of the slot before. */
  readonly ahead?: number;
  /** How keys are laid out; AWS's default where absent. */
  readonly layout?: KeyLayout;
  /** What the objects are in; text where absent. */
  readonly file?: FileFormat;
}

/** What AWS's TrafficType may be. */
export const filters = ['all', 'accept', 'reject'] as const;
export type Filter = (typeof filters)[number];

/** AWS ends a file at 75 MB (Amazon VPC Transit Gateways, "Flow log files"); of plain text, the stricter reading. */
const objectBytesMax = 75_000_000;

/** Idle interfaces beyond these report twice in one window rather than take more memory. */
const idleMax = 65_536;

/** Log time is the time of day of one place; the day's busiest hour is 15:00 there. */
const minutesOfDay = 1440;
const busiestMinute = 900;

/** The objects of a plan, part by part, and all that their lines depend on. */
export function planObjects(
  plan: TrafficPlan,
  preset: Preset,
  format: Format,
): { parts: readonly ObjectPlans[]; model: LineModel } {
  const random = randomSource(plan.seed).split(preset.name);
  const windowsMax = (plan.aggregationS ?? 60) / 60;
  const openTraffics = (only: Pick<TrafficOptions, 'among' | 'ports'>): readonly Traffic[] =>
    preset.open(random.split('traffic'), {
      aggregationMinutes: windowsMax,
      scope: plan.scope ?? 'vpc',
      recorder: format.recorder,
      interfaces: plan.interfaces,
      ...only,
    });
  const traffics = openTraffics({});
  const hasIpv6 = (plan.ipv6 ?? 0) > 0 || traffics.some((traffic) => traffic.hasIpv6) || (preset.mix.ipv6 ?? 0) > 0;
  const bareWorlds = traffics.map((traffic) => worldOf(traffic, [], hasIpv6));
  const lineBytesMax = Math.max(...bareWorlds.map((world) => planLines(format, world).lineBytesMax));
  const linesMax = Math.min(plan.maxRecords, Math.floor(objectBytesMax / lineBytesMax));
  const slotOf = slotsOf(preset, plan.startMs);
  const places = placeObjects(plan, preset, { linesMax, slotOf, logs: traffics.length });
  const split = splitLines(
    {
      ...plan,
      mix: mixOf(plan, preset, { ...places, slotOf }),
      ofWhole: kinds.filter((kind) => plan[kind] !== undefined),
    },
    places.lines,
  );
  const shuffle = new Shuffle(random.split('shuffle'));
  let bulkPart = -1;
  const opened = split.map(({ counts, among, ports }, part) => {
    const own = split.length === 1 ? traffics : openTraffics({ ...(among && { among }), ...(ports && { ports }) });
    if (bulkPart < 0 && own.some(({ hasBulk }) => hasBulk)) bulkPart = part;
    const every = part === Math.max(0, bulkPart) ? bulkEveryOf(counts.lines, plan.records) : 0;
    const plans = new ObjectPlans(partOf(places, counts, split.length), { counts, part, every });
    const idle = idleOf(preset, { plans, slotOf }, windowsMax);
    const logs = own.map((traffic, i): LogModel => {
      const source = i === 0 ? random : random.split(`log ${i}`);
      const interfaces = source.split(part === 0 ? 'interfaces' : `interfaces ${part}`);
      const role = among?.isOthers === false ? among.names[0] : undefined;
      return logModel(traffic, format, interfaces, {
        shuffle,
        hasIpv6,
        idle,
        windowsMax,
        role,
        batchIdBase: part * partBatches,
      });
    });
    return { plans, logs };
  });
  const model: LineModel = {
    logs: opened.flatMap(({ logs }) => logs),
    logCount: traffics.length,
    recorder: format.recorder,
    hasDetails: format.fields.some((name) => !defaultFormat.includes(name)),
    random,
    firstMinute: firstMinuteOf(plan.startMs),
    rejectedPorts: plan.rejectedPorts ?? [],
    batchesMax: batchesMaxOf(places),
    windowsMax,
    slotOf,
  };
  return { parts: opened.map(({ plans }) => plans), model };
}

const kinds = ['reject', 'nodata', 'skipdata'] as const;

/** In each so many records of a run stands one flow of 2^31 bytes or more: what overflows 32 bits must meet some. */
const bulkEvery = 10_000;

/** No part has as many batches. */
const partBatches = 2 ** 28;

/** Of a part's own lines, where all of these flows are in it. */
function bulkEveryOf(lines: Sizes, records: number): number {
  const own = lines.reduce((sum, count) => sum + count, 0);
  return Math.max(1, Math.round((bulkEvery * own) / Math.max(1, records)));
}

function batchesMaxOf({ lines, batchLines }: Places): number {
  return lines.reduce((most, count, i) => Math.max(most, Math.ceil(count / batchLines[i]!)), 1);
}

/** The places of a part's lines: in as many batches as all lines of an object together, so that they too lie in all of its minutes. */
function partOf(places: Places, { lines }: ObjectCounts, parts: number): Places {
  if (parts === 1) return places;
  const batchLines = places.batchLines.map((count, i) =>
    Math.max(1, Math.ceil(lines[i]! / Math.ceil(places.lines[i]! / count))),
  );
  return { ...places, lines, batchLines };
}

/** Where the records are, in columns by object (mix.ts says why). Flow logs take turns. */
interface Places {
  readonly logs: number;
  readonly lines: Sizes;
  readonly batchLines: Uint16Array;
}

/** The plans of all objects, as one part sees them: kept in columns, and put together for one object at a time. */
export class ObjectPlans {
  readonly counts: ObjectCounts;
  readonly #logs: number;
  readonly #batchLines: Uint16Array;
  readonly #lineFirsts: Float64Array;
  readonly #part: number;
  readonly #bulk: BulkMarks;

  constructor(
    { logs, lines, batchLines }: Places,
    { counts, part, every }: { readonly counts: ObjectCounts; readonly part: number; readonly every: number },
  ) {
    this.counts = counts;
    this.#logs = logs;
    this.#batchLines = batchLines;
    this.#lineFirsts = sumsBefore(lines);
    this.#part = part;
    this.#bulk = { every, lineCount: lines.reduce((sum, count) => sum + count, 0) };
  }

  get length(): number {
    return this.#batchLines.length;
  }

  at(index: number): ObjectPlan {
    return {
      id: this.#part * this.length + index,
      ordinal: Math.floor(index / this.#logs),
      log: this.#part * this.#logs + (index % this.#logs),
      lineFirst: this.#lineFirsts[index]!,
      counts: this.counts.at(index),
      batchLines: this.#batchLines[index]!,
      bulk: this.#bulk,
    };
  }
}

/** For each object the lines of those before it. */
export function sumsBefore(lines: Sizes): Float64Array {
  let before = 0;
  return Float64Array.from(lines, (count) => (before += count) - count);
}

/** The objects in the order of writing. */
function placeObjects(
  { records }: TrafficPlan,
  { pace }: Preset,
  {
    linesMax,
    slotOf,
    logs,
  }: { readonly linesMax: number; readonly slotOf: LineModel['slotOf']; readonly logs: number },
): Places {
  if (pace.kind === 'full') {
    const count = Math.ceil(records / linesMax);
    const lines = new Uint32Array(count).fill(linesMax);
    if (count > 0) lines[count - 1] = records - (count - 1) * linesMax;
    return { logs, lines, batchLines: new Uint16Array(count).fill(batchSize) };
  }
  const placeOf = (index: number): { usual: number; minuteCount: number } => {
    const { firstMinute, minuteCount } = slotOf(Math.floor(index / logs));
    // Flow logs in other Regions have their day at other hours.
    const rate = 1 + (pace.swing ?? 0) * dayWave(firstMinute + (index % logs) * 480);
    return {
      usual: Math.min(linesMax, Math.max(1, Math.round(pace.linesPerMinute * minuteCount * rate))),
      minuteCount,
    };
  };
  let count = 0;
  for (let left = records; left > 0; count++) left -= placeOf(count).usual;
  const lines = new Uint32Array(count);
  const batchLines = new Uint16Array(count);
  let left = records;
  for (let index = 0; index < count; index++) {
    const { usual, minuteCount } = placeOf(index);
    batchLines[index] = Math.min(batchSize, Math.ceil(usual / minuteCount));
    lines[index] = Math.min(usual, left);
    left -= usual;
  }
  return { logs, lines, batchLines };
}

/** The slots of a flow log's objects, by their place in it: made anew each time, so that none of millions is kept. */
function slotsOf({ pace }: Preset, startMs: number): (ordinal: number) => Slot {
  const find = pace.kind === 'full' ? minuteSlot : wholeSlot;
  return (ordinal) => find(startMs, ordinal);
}

/** -1 in the quietest minute of a day, 1 in the busiest. */
function dayWave(minute: number): number {
  return Math.cos((2 * Math.PI * (minute - busiestMinute)) / minutesOfDay);
}

function mixOf(
  plan: TrafficPlan,
  preset: Preset,
  { lines, logs, slotOf }: Places & { readonly slotOf: LineModel['slotOf'] },
): ObjectMix {
  const first = firstMinuteOf(plan.startMs);
  const phases = plan.phases ?? preset.phases ?? [];
  const share = (kind: 'reject' | 'nodata' | 'skipdata'): Share => {
    const usual = plan[kind] ?? preset.mix[kind];
    const isFixed = plan.phases === undefined && plan[kind] !== undefined;
    if (isFixed || !phases.some((phase) => phase[kind] !== undefined)) return usual;
    return Float64Array.from(lines, (_, index) => {
      const slot = slotOf(Math.floor(index / logs));
      const minute = slot.firstMinute + slot.place - first;
      return phases.findLast((phase) => phase.fromMinute <= minute && phase[kind] !== undefined)?.[kind] ?? usual;
    });
  };
  const families = familiesOf(plan, preset.mix);
  const reject = plan.filter === 'reject' ? 1 : plan.filter === 'accept' ? 0 : share('reject');
  const { rejectedPorts: ports } = plan;
  return {
    reject,
    nodata: share('nodata'),
    skipdata: share('skipdata'),
    ...(ports && { ports }),
    ...(families && { families }),
  };
}

/** What little ICMP there is where a plan gives a share of IPv6 alone. */
const usualIcmp = 0.01;

function familiesOf(plan: TrafficPlan, usual: Mix): ObjectMix['families'] {
  const ipv6 = plan.ipv6 ?? usual.ipv6;
  const icmp = plan.icmp ?? usual.icmp;
  return ipv6 === undefined && icmp === undefined ? undefined : { ipv6: ipv6 ?? 0, icmp: icmp ?? usualIcmp };
}

/** One idle interface for each NODATA line of an object, or of a minute where an object is of a whole slot. */
function idleOf(
  { pace }: Preset,
  { plans, slotOf }: { readonly plans: ObjectPlans; readonly slotOf: LineModel['slotOf'] },
  windowsMax: number,
): LogModel['idle'] {
  const most = Math.floor(idleMax / windowsMax);
  if (pace.kind === 'full') {
    const perWindow = plans.counts.nodata.reduce((found, count) => Math.max(found, count), 1);
    return { perBatch: undefined, perWindow: Math.min(perWindow, most) };
  }
  const { lines, nodata } = plans.counts;
  let perBatch = 1;
  let lanes = 1;
  for (let index = 0; index < plans.length; index++) {
    if (lines[index] === 0) continue;
    const { batchLines, ordinal } = plans.at(index);
    const batches = Math.ceil(lines[index]! / batchLines);
    perBatch = Math.max(perBatch, Math.ceil((nodata[index]! * batchLines) / lines[index]!));
    lanes = Math.max(lanes, Math.ceil(batches / slotOf(ordinal).minuteCount));
  }
  return { perBatch, perWindow: Math.min(perBatch * lanes, most) };
}

function worldOf(traffic: Traffic, idle: readonly FieldValues[], hasIpv6: boolean): LineWorld {
  const busy = traffic.interfaces.map(({ values }) => values);
  return { busy, idle, transitGateway: traffic.transitGateway, hasIpv6 };
}

interface LogOptions extends Pick<LogModel, 'shuffle' | 'idle' | 'batchIdBase'> {
  readonly hasIpv6: boolean;
  readonly windowsMax: number;
  /** Of its idle interfaces; spares where undefined. */
  readonly role: string | undefined;
}

function logModel(
  traffic: Traffic,
  format: Format,
  random: RandomSource,
  { shuffle, hasIpv6, idle, windowsMax, role, batchIdBase }: LogOptions,
): LogModel {
  const idleCount = idle.perWindow * windowsMax;
  const idleValues = Array.from({ length: idleCount }, (_, i): FieldValues => {
    const id = hexId(random, i);
    return {
      ...traffic.idleValues(i),
      ...(role !== undefined && { 'interface-tag': role }),
      'interface-id': `eni-${id}`,
      'tgw-attachment-id': `tgw-attach-${id}`,
    };
  });
  const count = traffic.interfaces.length + idleCount;
  const interfaces = Array.from({ length: count }, (_, i) => ({ anchorS: random.below(anchorCount, i, 3) }));
  const world = worldOf(traffic, idleValues, hasIpv6);
  const plan = planLines(format, world);
  const image = once(() => lineImage(plan, new Texts(traffic.ipv6Prefixes)));
  return { traffic, plan, image, interfaces, shuffle, idle, batchIdBase };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
