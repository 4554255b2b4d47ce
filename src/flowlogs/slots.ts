// When an object's records were aggregated: one object a minute of log time, and the objects of a 5-minute slot share its
// minutes. A file's slot holds the ends of its windows (Amazon VPC User Guide, "Flow log files").

import { slotMs } from './s3-key.ts';

const minuteMs = 60_000;

/** The slot of one object. Minutes count from the Unix epoch. */
export interface Slot {
  readonly startMs: number;
  /** The first minute in which a window of the corpus ends in this slot. */
  readonly firstMinute: number;
  /** Minutes of the slot in which windows end: 5, or fewer in the first slot. */
  readonly minuteCount: number;
  /** Place of the object among those of its slot, from 0. */
  readonly place: number;
}

/** The slot of an object by its index: no window begins before `startMs`. */
export function slotOf(startMs: number, objectIndex: number): Slot {
  const corpusFirst = Math.ceil(startMs / minuteMs) + 1;
  const minute = corpusFirst + objectIndex;
  const slotStartMs = Math.floor((minute * minuteMs) / slotMs) * slotMs;
  const firstMinute = Math.max(corpusFirst, slotStartMs / minuteMs);
  const endMinute = (slotStartMs + slotMs) / minuteMs;
  return { startMs: slotStartMs, firstMinute, minuteCount: endMinute - firstMinute, place: minute - firstMinute };
}
