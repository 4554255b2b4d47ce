// Which conversation, and which view of it, a record is: a score that is played round and round, so that a record is found from
// its index alone. Each talk stands in it as often as its weight says, spread evenly.

import type { Conversation, View } from './conversation.ts';

/** One kind of conversation. */
export interface Talk {
  /** How often it comes beside the others, a whole number; 0 for what comes only where its family and kind are asked for. */
  readonly weight: number;
  /** Those that the flow log records. */
  readonly views: readonly View[];
  /** Fills the parties, ports and counters of a conversation from 32 bits. */
  readonly draw: (conversation: Conversation, bits: number) => void;
  readonly isIcmp?: boolean;
  /** The only family that it is spoken in. */
  readonly family?: 'ipv4' | 'ipv6';
  /** Stays open for several windows. */
  readonly isLasting?: boolean;
}

/** The place of one record in a score. */
interface Place {
  readonly talk: Talk;
  /** Which conversation of the score. */
  readonly ordinal: number;
  readonly view: View;
  /** Place of the conversation's first record, and behind its last. */
  readonly first: number;
  readonly end: number;
}

export class Score {
  readonly places: readonly Place[];
  /** Where conversations begin. */
  readonly starts: Int32Array;

  constructor(talks: readonly Talk[]) {
    const order = spreadEvenly(talks);
    const places: Place[] = [];
    const starts: number[] = [];
    for (const [ordinal, talk] of order.entries()) {
      const first = places.length;
      const end = first + talk.views.length;
      starts.push(first);
      for (const view of talk.views) places.push({ talk, ordinal, view, first, end });
    }
    this.places = places;
    this.starts = Int32Array.from(starts);
  }

  /** How many of the first `count` records of the score, played round and round, are of whole conversations. */
  wholeBefore(count: number): number {
    const { length } = this.places;
    if (length === 0) return 0;
    const round = Math.floor(count / length);
    const rest = count - round * length;
    return round * length + (rest === 0 ? 0 : this.places[rest]!.first);
  }
}

/** Each talk as often as its weight says, at equal distances as far as the others let it. */
function spreadEvenly(talks: readonly Talk[]): Talk[] {
  return talks
    .flatMap((talk, t) =>
      Array.from({ length: talk.weight }, (_, i) => ({ talk, at: (i + 0.5) / talk.weight + t * 1e-6 })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ talk }) => talk);
}
