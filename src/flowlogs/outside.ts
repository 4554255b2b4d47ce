// Which lines stand in which file. A file holds the lines of its own plan; with a share of records outside of their file's slot, the
// last lines of some files stand at the beginning of files of the next slot instead, and the first lines of others at the end of files
// of the slot before. Only their place changes: what was recorded, and in which window, stays as it is, so that both directions of a
// conversation still agree.
//
// AWS promises neither when a record is published nor in which file (Amazon VPC User Guide, "Flow log records", Aggregation interval;
// "Flow log files"). A file named T1955Z holds windows that end at 18:55:24 (SEKOIA-IO/automation-library,
// AWS/tests/connectors/s3/logs/test_flowlog_records_trigger.py), and one named T0930Z a window that ends at 09:35:07, 7 s after its slot.

import { FlowrigError } from '../core/errors.ts';
import { apportion, exactCount, type Sizes } from './mix.ts';
import type { Run } from './object-lines.ts';
import type { ObjectPlans } from './object-plans.ts';

/** Which lines each file holds, by the index of its object. */
export interface FilePlan {
  readonly runs: (index: number) => readonly Run[];
  readonly lineCounts: Sizes;
}

/** Shares of all lines of the corpus: exactly `max(1, round(share x lines))` move, none where absent. */
export interface Outside {
  /** Into a file of the next slot. */
  readonly outside?: number | undefined;
  /** Into a file of the slot before. */
  readonly ahead?: number | undefined;
  /** The object so many places behind another one is of the same flow log, in the next slot. */
  readonly slotStep: number;
}

/** Lines of several parts take turns so often in each file. No plan has both parts and lines in other slots (traffic-mistakes.ts). */
const turns = 16;

export function planFiles(parts: readonly ObjectPlans[], options: Outside): FilePlan {
  if (parts.length === 1) return planLinesOutside(parts[0]!, options);
  const lineCounts = parts[0]!.counts.lines.map((_, i) => parts.reduce((sum, { counts }) => sum + counts.lines[i]!, 0));
  return {
    lineCounts,
    runs: (index) => {
      const wholes = parts.map((plans): Run => ({
        plan: plans.at(index),
        first: 0,
        count: plans.counts.lines[index]!,
      }));
      return Array.from({ length: turns }, (_, turn) => wholes.map((whole) => turnOf(whole, turn)))
        .flat()
        .filter(({ count }) => count > 0);
    },
  };
}

function turnOf({ plan, count }: Run, turn: number): Run {
  const first = Math.floor((count * turn) / turns);
  return { plan, first, count: Math.floor((count * (turn + 1)) / turns) - first };
}

function planLinesOutside(plans: ObjectPlans, { outside = 0, ahead = 0, slotStep }: Outside): FilePlan {
  const { lines } = plans.counts;
  const whole = (index: number): Run => ({ plan: plans.at(index), first: 0, count: lines[index]! });
  if (outside === 0 && ahead === 0) return { lineCounts: lines, runs: (index) => [whole(index)] };
  const later = movedLines(lines, { name: 'outside', share: outside, to: slotStep });
  const left = lines.map((count, i) => count - later[i]!);
  const earlier = movedLines(left, { name: 'ahead', share: ahead, to: -slotStep, of: lines });
  const comes = (moved: Sizes, index: number): number => moved[index] ?? 0;
  return {
    lineCounts: left.map((count, i) => count - earlier[i]! + comes(later, i - slotStep) + comes(earlier, i + slotStep)),
    runs(index) {
      const own = { plan: plans.at(index), first: earlier[index]!, count: left[index]! - earlier[index]! };
      const [before, behind] = [comes(later, index - slotStep), comes(earlier, index + slotStep)];
      return [
        ...(before > 0 ? [{ plan: plans.at(index - slotStep), first: left[index - slotStep]!, count: before }] : []),
        own,
        ...(behind > 0 ? [{ plan: plans.at(index + slotStep), first: 0, count: behind }] : []),
      ];
    },
  };
}

interface Move {
  readonly name: string;
  readonly share: number;
  /** Places from the object that gives to the one that takes. */
  readonly to: number;
  /** The lines that the share is of, where they are not those that are there. */
  readonly of?: Sizes;
}

/** How many of the lines that are there each object leaves to another one; it keeps at least one. */
function movedLines(lines: Sizes, { name, share, to, of = lines }: Move): Sizes {
  if (share === 0) return new Uint32Array(lines.length);
  const total = exactCount(share, of);
  const giving = lines.map((count, i) => (i + to >= 0 && i + to < lines.length ? count : 0));
  const free = giving.map((count) => Math.max(0, count - 1));
  const most = free.reduce((sum, count) => sum + count, 0);
  if (total <= most) return apportion(total, total / giving.reduce((sum, count) => sum + count, 0), giving, free);
  const [from, other] = to > 0 ? ['the slot before', 'the next slot'] : ['the next slot', 'the slot before'];
  throw new FlowrigError(
    'bad-usage',
    `${name} is ${share}: ${total} records of ${from}, but no more than ${most} have a file of ${other} to stand in. ` +
      'Ask for more records, for fewer in each file, or for a smaller share.',
  );
}
