// Finds what record i of a batch is of. First come the conversations that last, each in its lane for as many windows as it
// stays open; then those of this window alone; and where the last one would not be whole, nothing is begun that both ends
// would have to tell: a conversation of one view stands there.

import { mix32, type RandomSource } from '../../core/random.ts';
import { parts, type Batch } from '../preset.ts';
import type { Stage } from './carry.ts';
import type { View } from './conversation.ts';
import { Score, type Talk } from './score.ts';

/** What was found; filled anew for each record. */
export interface Found {
  talk: Talk;
  view: View;
  /** 32 bits of the conversation's own. */
  bits: number;
  /** How far a conversation is that lasts; undefined for one that does not. */
  stage: Stage | undefined;
  /** 32 bits of what this window has of it. */
  windowBits: number;
  /** Windows of the aggregation interval that the record spans. */
  windows: number;
  /** Whether it is to have at least 2^31 bytes. */
  isBulk: boolean;
}

export type Find = (found: Found, batch: Batch, index: number) => void;

export function newFound(talk: Talk): Found {
  return { talk, view: talk.views[0]!, bits: 0, stage: undefined, windowBits: 0, windows: 1, isBulk: false };
}

/** A conversation that lasts does so for 2 to this many aggregation intervals, mostly for few. */
const intervalsMost = 48;

export interface FinderOptions {
  readonly talks: readonly Talk[];
  readonly random: RandomSource;
  readonly lastingShare: number;
  readonly part: number;
  readonly aggregationMinutes: number;
  /** What becomes the flow of 2^31 bytes that a batch may be asked for; none where absent. */
  readonly bulkTalk: Talk | undefined;
}

export function scoreFinder(options: FinderOptions): Find {
  const { talks, random, lastingShare, part, aggregationMinutes, bulkTalk } = options;
  const passing = new Score(talks.filter(({ isLasting }) => !isLasting));
  const lasting = new Score(talks.filter(({ isLasting }) => isLasting));
  const share = lasting.places.length === 0 ? 0 : passing.places.length === 0 ? 1 : lastingShare;
  const lanes = random.split(`lanes ${part}`);
  const draws = part === 0 ? random : random.split(`part ${part}`);
  const long = aggregationMinutes > 1;

  function findLasting(found: Found, batch: Batch, index: number): void {
    const { length } = lasting.places;
    const round = Math.floor(index / length);
    const place = lasting.places[index - round * length]!;
    const seat = round * length + place.ordinal;
    const habit = lanes.at(batch.lane, seat);
    const interval = Math.floor(batch.minute / aggregationMinutes);
    const share01 = (habit & 0xffff) / 0x1_0000;
    const duration = 2 + Math.floor((intervalsMost - 1) * share01 * share01 * share01);
    const elapsed = interval + (habit >>> 16);
    const epoch = Math.floor(elapsed / duration);
    const at = elapsed - epoch * duration;
    found.talk = place.talk;
    found.view = place.view;
    found.bits = lanes.at(mix32(batch.lane, seat), epoch);
    found.windowBits = mix32(found.bits, interval);
    found.stage = at === 0 ? 'begin' : at === duration - 1 ? 'end' : 'middle';
    found.windows = !long ? 1 : found.stage === 'middle' ? aggregationMinutes : 2 + ((found.windowBits >>> 8) & 7);
    found.isBulk = false;
  }

  function findPassing(found: Found, batch: Batch, index: number, count: number): void {
    const { places, starts } = passing;
    const shift = starts[mix32(batch.id, 77) % starts.length]!;
    const at = shift + index;
    const round = Math.floor(at / places.length);
    const place = places[at - round * places.length]!;
    const first = index - (at - round * places.length - place.first);
    found.talk = place.talk;
    found.view = place.view;
    found.bits = draws.at(batch.id, round * starts.length + place.ordinal);
    found.stage = undefined;
    found.isBulk = false;
    found.windows = long ? spanOf(found.bits) : 1;
    if (first + place.talk.views.length > count) fill(found, index);
  }

  /** Records that are left over at the end of a batch. */
  function fill(found: Found, index: number): void {
    const filler = fillers[index % fillers.length];
    if (!filler) return;
    found.talk = filler;
    found.view = filler.views[0]!;
    found.bits = mix32(found.bits, index);
  }
  const fillers = talks.filter(({ views, isLasting }) => views.length === 1 && !isLasting);

  /** Records that the bulk takes: it stands in the first part that is not ICMP. */
  function bulkLines({ hasBulk, accepted }: Batch): number {
    if (!bulkTalk || !hasBulk) return 0;
    const isFirst = part === parts.any || part === parts.ipv4 || (part === parts.ipv6 && accepted[parts.ipv4] === 0);
    return isFirst ? bulkTalk.views.length : 0;
  }

  function findBulk(found: Found, batch: Batch, index: number): void {
    found.talk = bulkTalk!;
    found.view = bulkTalk!.views[index]!;
    found.bits = lanes.at(batch.id, 0xbeef);
    found.stage = undefined;
    found.windows = 1;
    found.isBulk = true;
  }

  return (found, batch, place) => {
    const bulk = bulkLines(batch);
    if (place < bulk) {
      findBulk(found, batch, place);
      return;
    }
    const index = place - bulk;
    const count = batch.accepted[part]! - bulk;
    // Over ten minutes, what lasts is told once, when the interval ends.
    const isDue = !long || batch.minute % aggregationMinutes === aggregationMinutes - 1;
    const lastingCount = isDue ? lasting.wholeBefore(Math.floor(count * share)) : 0;
    if (index < lastingCount) findLasting(found, batch, index);
    else findPassing(found, batch, index - lastingCount, count - lastingCount);
  };
}

/** Windows of a flow within ten minutes: most are over in one, fewer last for two, and so on. */
function spanOf(bits: number): number {
  return 1 + Math.clz32(mix32(bits, 41) | 0x40_0000);
}
