// Places the records of a plan into objects: how many lines each has, in which slot, of which flow log, and how many of each kind.

import { randomSource, type RandomSource } from '../core/random.ts';
import { defaultFormat } from './fields.ts';
import type { Format } from './formats.ts';
import { hexId } from './ids.ts';
import { planLines, type LineWorld } from './line-plan.ts';
import { anchorCount } from './line-writer.ts';
import { mixObjects, type ObjectMix, type Share } from './mix.ts';
import type { LineModel, LogModel, ObjectPlan } from './object-lines.ts';
import type { FieldValues, Mix, Phase, Preset, Scope, Traffic } from './preset.ts';
import type { FileFormat, KeyLayout } from './s3-key.ts';
import { batchSize, Shuffle } from './shuffle.ts';
import { firstMinuteOf, minuteSlot, wholeSlot, type Slot } from './slots.ts';

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

/** The objects of a plan, and all that their lines depend on. */
export function planObjects(
  plan: TrafficPlan,
  preset: Preset,
  format: Format,
): { plans: readonly ObjectPlan[]; model: LineModel } {
  const random = randomSource(plan.seed).split(preset.name);
  const windowsMax = (plan.aggregationS ?? 60) / 60;
  const traffics = preset.open(random.split('traffic'), {
    aggregationMinutes: windowsMax,
    scope: plan.scope ?? 'vpc',
    recorder: format.recorder,
    interfaces: plan.interfaces,
  });
  const hasIpv6 = (plan.ipv6 ?? 0) > 0 || traffics.some((traffic) => traffic.hasIpv6) || (preset.mix.ipv6 ?? 0) > 0;
  const bareWorlds = traffics.map((traffic) => worldOf(traffic, [], hasIpv6));
  const lineBytesMax = Math.max(...bareWorlds.map((world) => planLines(format, world).lineBytesMax));
  const linesMax = Math.min(plan.maxRecords, Math.floor(objectBytesMax / lineBytesMax));
  const places = placeObjects(plan, preset, linesMax, traffics.length);
  const counts = mixObjects(
    mixOf(plan, preset, places),
    places.map(({ lines }) => lines),
  );
  const plans = places.map(({ lineFirst, batchLines, ordinal, log }, index) => {
    return { index, ordinal, log, lineFirst, counts: counts[index]!, batchLines };
  });
  const batchesMax = places.reduce((most, { lines, batchLines }) => Math.max(most, Math.ceil(lines / batchLines)), 1);
  const slotOf = slotsOf(preset, plan.startMs);
  const idle = idleOf(preset, { plans, slotOf }, windowsMax);
  const shuffle = new Shuffle(random.split('shuffle'));
  const logs = traffics.map((traffic, i): LogModel => {
    const source = i === 0 ? random : random.split(`log ${i}`);
    return logModel(traffic, format, source.split('interfaces'), {
      shuffle,
      hasIpv6,
      idle: idle.perWindow * windowsMax,
    });
  });
  const model: LineModel = {
    logs,
    recorder: format.recorder,
    hasDetails: format.fields.some((name) => !defaultFormat.includes(name)),
    random,
    firstMinute: firstMinuteOf(plan.startMs),
    lineCount: plan.records,
    batchesMax,
    windowsMax,
    slotOf,
    idle,
  };
  return { plans, model };
}

interface Place {
  readonly lines: number;
  readonly lineFirst: number;
  readonly log: number;
  readonly ordinal: number;
  readonly batchLines: number;
}

/** The objects in the order of writing: flow logs take turns. */
function placeObjects({ records, startMs }: TrafficPlan, { pace }: Preset, linesMax: number, logs: number): Place[] {
  const places: Place[] = [];
  for (let lineFirst = 0; lineFirst < records; lineFirst += places.at(-1)!.lines) {
    const log = places.length % logs;
    const ordinal = Math.floor(places.length / logs);
    const left = records - lineFirst;
    if (pace.kind === 'full') {
      places.push({ lines: Math.min(linesMax, left), lineFirst, log, ordinal, batchLines: batchSize });
      continue;
    }
    const slot = wholeSlot(startMs, ordinal);
    // Flow logs in other Regions have their day at other hours.
    const rate = 1 + (pace.swing ?? 0) * dayWave(slot.firstMinute + log * 480);
    const usual = Math.min(linesMax, Math.max(1, Math.round(pace.linesPerMinute * slot.minuteCount * rate)));
    const batchLines = Math.min(batchSize, Math.ceil(usual / slot.minuteCount));
    places.push({ lines: Math.min(usual, left), lineFirst, log, ordinal, batchLines });
  }
  return places;
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

function mixOf(plan: TrafficPlan, preset: Preset, places: readonly Place[]): ObjectMix {
  const first = firstMinuteOf(plan.startMs);
  const phases = plan.phases ?? preset.phases ?? [];
  const share = (kind: 'reject' | 'nodata' | 'skipdata'): Share => {
    const usual = plan[kind] ?? preset.mix[kind];
    const isFixed = plan.phases === undefined && plan[kind] !== undefined;
    if (isFixed || !phases.some((phase) => phase[kind] !== undefined)) return usual;
    return places.map(({ ordinal }) => {
      const slot = slotsOf(preset, plan.startMs)(ordinal);
      const minute = slot.firstMinute + slot.place - first;
      return phases.findLast((phase) => phase.fromMinute <= minute && phase[kind] !== undefined)?.[kind] ?? usual;
    });
  };
  const families = familiesOf(plan, preset.mix);
  const reject = plan.filter === 'reject' ? 1 : plan.filter === 'accept' ? 0 : share('reject');
  return { reject, nodata: share('nodata'), skipdata: share('skipdata'), ...(families && { families }) };
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
  { plans, slotOf }: { readonly plans: readonly ObjectPlan[]; readonly slotOf: LineModel['slotOf'] },
  windowsMax: number,
): LineModel['idle'] {
  const most = Math.floor(idleMax / windowsMax);
  if (pace.kind === 'full') {
    const perWindow = plans.reduce((found, { counts }) => Math.max(found, counts.nodata), 1);
    return { perBatch: undefined, perWindow: Math.min(perWindow, most) };
  }
  let perBatch = 1;
  let lanes = 1;
  for (const { counts, batchLines, ordinal } of plans) {
    const { lines, nodata } = counts;
    const batches = Math.ceil(lines / batchLines);
    perBatch = Math.max(perBatch, Math.ceil((nodata * batchLines) / lines));
    lanes = Math.max(lanes, Math.ceil(batches / slotOf(ordinal).minuteCount));
  }
  return { perBatch, perWindow: Math.min(perBatch * lanes, most) };
}

function worldOf(traffic: Traffic, idle: readonly FieldValues[], hasIpv6: boolean): LineWorld {
  const busy = traffic.interfaces.map(({ values }) => values);
  return { busy, idle, transitGateway: traffic.transitGateway, hasIpv6 };
}

function logModel(
  traffic: Traffic,
  format: Format,
  random: RandomSource,
  { shuffle, hasIpv6, idle }: { shuffle: Shuffle; hasIpv6: boolean; idle: number },
): LogModel {
  const idleValues = Array.from({ length: idle }, (_, i): FieldValues => {
    const id = hexId(random, i);
    return {
      ...traffic.idleValues(i),
      'interface-id': `eni-${id}`,
      'tgw-attachment-id': `tgw-attach-${id}`,
    };
  });
  const count = traffic.interfaces.length + idle;
  const interfaces = Array.from({ length: count }, (_, i) => ({ anchorS: random.below(anchorCount, i, 3) }));
  return { traffic, plan: planLines(format, worldOf(traffic, idleValues, hasIpv6)), interfaces, shuffle };
}
