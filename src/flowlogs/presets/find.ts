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

/** Whether two records are views of one conversation in one window. */
export function isSameConversation(a: Found, b: Found): boolean {
  return (
    a.bits === b.bits &&
    a.talk === b.talk &&
    a.stage === b.stage &&
    a.windowBits === b.windowBits &&
    a.windows === b.windows &&
    a.isBulk === b.isBulk
  );
}

export function copyFound(to: Found, from: Found): void {
  to.talk = from.talk;
  to.view = from.view;
  to.bits = from.bits;
  to.stage = from.stage;
  to.windowBits = from.windowBits;
  to.windows = from.windows;
  to.isBulk = from.isBulk;
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
  const finder = new ScoreFinder(options);
  return (found, batch, index) => {
    finder.find(found, batch, index);
  };
}

class ScoreFinder {
  readonly #passing: Score;
  readonly #lasting: Score;
  readonly #lastingShare: number;
  /** Talks of one view. */
  readonly #fillers: readonly Talk[];
  readonly #lanes: RandomSource;
  readonly #draws: RandomSource;
  readonly #part: number;
  readonly #intervalMinutes: number;
  readonly #bulkTalk: Talk | undefined;

  constructor({ talks, random, lastingShare, part, aggregationMinutes, bulkTalk }: FinderOptions) {
    this.#passing = new Score(talks.filter(({ isLasting }) => !isLasting));
    this.#lasting = new Score(talks.filter(({ isLasting }) => isLasting));
    const isLastingOnly = this.#passing.places.length === 0;
    this.#lastingShare = this.#lasting.places.length === 0 ? 0 : isLastingOnly ? 1 : lastingShare;
    this.#fillers = talks.filter(({ views, isLasting }) => views.length === 1 && !isLasting);
    this.#lanes = random.split(`lanes ${part}`);
    this.#draws = part === parts.any ? random : random.split(`part ${part}`);
    this.#part = part;
    this.#intervalMinutes = aggregationMinutes;
    this.#bulkTalk = bulkTalk;
  }

  find(found: Found, batch: Batch, place: number): void {
    const bulk = this.#bulkLines(batch);
    found.isBulk = place < bulk;
    found.stage = undefined;
    found.windows = 1;
    if (found.isBulk) {
      found.talk = this.#bulkTalk!;
      found.view = this.#bulkTalk!.views[place]!;
      found.bits = this.#lanes.at(batch.id, 0xbeef);
      return;
    }
    const index = place - bulk;
    const count = batch.accepted[this.#part]! - bulk;
    const lasting = this.#lastingCount(batch, count);
    if (index < lasting) this.#findLasting(found, batch, index);
    else this.#findPassing(found, batch, index - lasting, count - lasting);
  }

  /** Records of conversations that last. Over ten minutes they are told once, when the interval ends. */
  #lastingCount({ minute }: Batch, count: number): number {
    const isDue = minute % this.#intervalMinutes === this.#intervalMinutes - 1;
    if (!isDue) return 0;
    return this.#lastingShare === 1 ? count : this.#lasting.wholeBefore(Math.floor(count * this.#lastingShare));
  }

  #findLasting(found: Found, { lane, minute }: Batch, index: number): void {
    const { places } = this.#lasting;
    const round = (index / places.length) | 0;
    const place = places[index - round * places.length]!;
    const seat = round * places.length + place.ordinal;
    const habit = this.#lanes.at(lane, seat);
    const share = (habit & 0xffff) / 0x1_0000;
    const duration = 2 + Math.floor((intervalsMost - 1) * share * share * share);
    const interval = Math.floor(minute / this.#intervalMinutes);
    const elapsed = interval + (habit >>> 16);
    const epoch = Math.floor(elapsed / duration);
    const at = elapsed - epoch * duration;
    found.talk = place.talk;
    found.view = place.view;
    found.bits = this.#lanes.at(mix32(lane, seat), epoch);
    found.windowBits = mix32(found.bits, interval);
    found.stage = at === 0 ? 'begin' : at === duration - 1 ? 'end' : 'middle';
    if (this.#intervalMinutes === 1) return;
    found.windows = found.stage === 'middle' ? this.#intervalMinutes : 2 + ((found.windowBits >>> 8) & 7);
  }

  #findPassing(found: Found, batch: Batch, index: number, count: number): void {
    const { places, starts } = this.#passing;
    const shift = starts[mix32(batch.id, 77) % starts.length]!;
    const at = shift + index;
    const round = (at / places.length) | 0;
    const within = at - round * places.length;
    const place = places[within]!;
    found.talk = place.talk;
    found.view = place.view;
    found.bits = this.#draws.at(batch.id, round * starts.length + place.ordinal);
    if (this.#intervalMinutes > 1) found.windows = spanOf(found.bits);
    const isWhole = index - within + place.first + place.talk.views.length <= count;
    const filler = isWhole ? undefined : this.#fillers[index % this.#fillers.length];
    if (!filler) return;
    found.talk = filler;
    found.view = filler.views[0]!;
    found.bits = mix32(found.bits, index);
  }

  /** Records that the bulk takes: it stands in the first part that is not ICMP. */
  #bulkLines({ hasBulk, accepted }: Batch): number {
    if (!this.#bulkTalk || !hasBulk) return 0;
    const isFirst =
      this.#part === parts.any ||
      this.#part === parts.ipv4 ||
      (this.#part === parts.ipv6 && accepted[parts.ipv4] === 0);
    return isFirst ? this.#bulkTalk.views.length : 0;
  }
}

/** Windows of a flow within ten minutes: most are over in one, fewer last for two, and so on. */
function spanOf(bits: number): number {
  return 1 + Math.clz32(mix32(bits, 41) | 0x40_0000);
}
