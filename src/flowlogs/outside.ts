// Which lines stand in which file. A file holds the lines of its own plan; with a share of records outside of their file's slot, the
// last lines of some files stand at the beginning of files of the next slot instead. Only their place changes: what was recorded, and
// in which window, stays as it is, so that both directions of a conversation still agree.
//
// AWS promises neither when a record is published nor in which file (Amazon VPC User Guide, "Flow log records", Aggregation interval;
// "Flow log files"). A file named T1955Z holds windows that end at 18:55:24 (SEKOIA-IO/automation-library,
// AWS/tests/connectors/s3/logs/test_flowlog_records_trigger.py).

import { FlowrigError } from '../core/errors.ts';
import { apportion, exactCount } from './mix.ts';
import type { ObjectPlan } from './object-lines.ts';

/** Lines of one plan, one behind the other. */
export interface Run {
  readonly plan: ObjectPlan;
  readonly first: number;
  readonly count: number;
}

/**
 * The runs of an object by its index. `share` is of all lines of the corpus: exactly `max(1, round(share x lines))`, none where absent.
 * The object `slotStep` places behind another one is of the same flow log, in the next slot.
 */
export function runsOf(
  plans: readonly ObjectPlan[],
  { share, slotStep }: { readonly share: number | undefined; readonly slotStep: number },
): (index: number) => readonly Run[] {
  const moved = share ? movedLines(plans, share, slotStep) : [];
  return (index) => {
    const plan = plans[index]!;
    const runs = [{ plan, first: 0, count: plan.counts.lines - (moved[index] ?? 0) }];
    const count = moved[index - slotStep] ?? 0;
    if (count === 0) return runs;
    const earlier = plans[index - slotStep]!;
    return [{ plan: earlier, first: earlier.counts.lines - count, count }, ...runs];
  };
}

/** How many lines each object leaves to one of the next slot; it keeps at least one. */
function movedLines(plans: readonly ObjectPlan[], share: number, slotStep: number): readonly number[] {
  const total = exactCount(
    share,
    plans.map(({ counts }) => counts.lines),
  );
  const giving = plans.slice(0, -slotStep).map(({ counts }) => counts.lines);
  const free = giving.map((lines) => lines - 1);
  const most = free.reduce((sum, lines) => sum + lines, 0);
  if (total > most) {
    throw new FlowrigError(
      'bad-usage',
      `outside is ${share}: ${total} records of the slot before, but no more than ${most} have a file of the next slot to stand in. ` +
        'Ask for more records, for fewer in each file, or for a smaller share.',
    );
  }
  return apportion(total, total / (most + giving.length), giving, free);
}
