// What a plan asks for that cannot be: told all at once, with the value and what is allowed.

import { FlowrigError } from '../core/errors.ts';
import { parseFormat, type Format } from './formats.ts';
import type { TrafficPlan } from './object-plans.ts';
import { filters } from './object-plans.ts';
import { scopes, type Preset } from './preset.ts';

/** The end of the year 9999, the last that a key can name. */
const startMsMax = 253_402_300_799_999;

/** Returns the format of a plan. Throws `bad-usage` for what cannot hold together. */
export function requirePlan(plan: TrafficPlan, preset: Preset): Format {
  const format = parseFormat(plan.format ?? preset.format ?? 'default');
  const problems = 'problems' in format ? [...format.problems] : recorderMistakes(plan, format);
  problems.unshift(...rangeMistakes(plan), ...mixMistakes(plan), ...wordMistakes(plan));
  if (problems.length === 0 && !('problems' in format)) return format;
  throw new FlowrigError('bad-usage', `The traffic cannot be generated: ${problems.join(' ')}`, {
    problems: problems.map((message) => ({ message })),
  });
}

function rangeMistakes(plan: TrafficPlan): string[] {
  const { records, maxRecords, startMs, reject = 0, nodata = 0, skipdata = 0, ipv6 = 0, icmp = 0 } = plan;
  const most = Number.MAX_SAFE_INTEGER;
  const shares = Object.entries({ reject, nodata, skipdata, ipv6, icmp }).map(
    ([name, share]) => [name, share, 0, 1] as const,
  );
  const ranges = [
    ['records', records, 0, most],
    ['maxRecords', maxRecords, 1, most],
    ['start', startMs, 0, startMsMax],
    ...shares,
  ] as const;
  return ranges.flatMap(([name, value, least, limit]) =>
    value >= least && value <= limit ? [] : [`${name} is ${value}; it must be from ${least} to ${limit}.`],
  );
}

/** Shares that hold in some phase of the corpus must hold together. */
function mixMistakes({ reject, phases = [], filter = 'all' }: TrafficPlan): string[] {
  const problems = phases.flatMap((phase, i) =>
    (['reject', 'nodata', 'skipdata'] as const).flatMap((kind) => {
      const share = phase[kind];
      return share === undefined || (share >= 0 && share <= 1)
        ? []
        : [`phases[${i}].${kind} is ${share}; it must be from 0 to 1.`];
    }),
  );
  if (filter === 'accept' && reject !== undefined && reject > 0) {
    problems.push(`reject is ${reject}, but filter accept writes no REJECT; it must be 0 or left out.`);
  }
  if (filter === 'reject' && reject !== undefined && reject < 1) {
    problems.push(`reject is ${reject}, but filter reject writes nothing else; it must be 1 or left out.`);
  }
  return problems;
}

function wordMistakes({ filter = 'all', scope = 'vpc', aggregationS = 60 }: TrafficPlan): string[] {
  const problems: string[] = [];
  const words = [
    ['filter', filter, filters],
    ['scope', scope, scopes],
  ] as const;
  for (const [name, value, allowed] of words) {
    if (!(allowed as readonly string[]).includes(value)) {
      problems.push(`${name} is "${value}"; it must be one of ${allowed.join(', ')}.`);
    }
  }
  if (aggregationS !== 60 && aggregationS !== 600) {
    problems.push(`aggregation is ${aggregationS} s; AWS takes 60 s or 600 s.`);
  }
  return problems;
}

/** What AWS does not take for a transit gateway (Amazon EC2 API, CreateFlowLogs). */
function recorderMistakes({ filter = 'all', scope = 'vpc', aggregationS = 60 }: TrafficPlan, { recorder }: Format) {
  if (recorder === 'vpc') return [];
  const problems: string[] = [];
  if (filter !== 'all') problems.push(`filter is ${filter}, but a transit gateway has no accepted or rejected traffic.`);
  if (scope !== 'vpc') problems.push(`scope is ${scope}, but the format is a transit gateway's.`);
  if (aggregationS !== 60) problems.push(`aggregation is ${aggregationS} s; a transit gateway's flow log takes 60 s only.`);
  return problems;
}
