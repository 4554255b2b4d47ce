// When an object's records were aggregated. Busy flow logs write one object a minute of log time, and the objects of a 5-minute
// slot share its minutes; quiet ones write one object a slot. A file's slot holds the ends of its windows (Amazon VPC User Guide,
// "Flow log files").

import { slotMs } from './s3-key.ts';

const minuteMs = 60_000;
export const minutesPerSlot = slotMs / minuteMs;

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

/** The first minute in which a window may end that does not begin before `startMs`. */
export function firstMinuteOf(startMs: number): number {
  return Math.ceil(startMs / minuteMs) + 1;
}

/** The slot of an object by its index where one is written each minute: no window begins before `startMs`. */
export function minuteSlot(startMs: number, objectIndex: number): Slot {
  const minute = firstMinuteOf(startMs) + objectIndex;
  const slot = slotAt(startMs, Math.floor((minute * minuteMs) / slotMs) * slotMs);
  return { ...slot, place: minute - slot.firstMinute };
}

/** The slot of an object by its index where one is written each slot. */
export function wholeSlot(startMs: number, objectIndex: number): Slot {
  const first = Math.floor((firstMinuteOf(startMs) * minuteMs) / slotMs) * slotMs;
  return slotAt(startMs, first + objectIndex * slotMs);
}

function slotAt(startMs: number, slotStartMs: number): Slot {
  const firstMinute = Math.max(firstMinuteOf(startMs), slotStartMs / minuteMs);
  const endMinute = (slotStartMs + slotMs) / minuteMs;
  return { startMs: slotStartMs, firstMinute, minuteCount: endMinute - firstMinute, place: 0 };
}
