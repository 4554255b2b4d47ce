// What a plan asks for that cannot be: told all at once, with the value and what is allowed.

import { FlowrigError } from '../core/errors.ts';
import { parseFormat, type Format } from './formats.ts';
import { filters, type TrafficPlan } from './object-plans.ts';
import { scopes, type Preset } from './preset.ts';

/** The end of the year 9999, the last that a key can name. */
const startMsMax = 253_402_300_799_999;

/** Returns the format of a plan. Throws `bad-usage` for what cannot hold together. */
export function requirePlan(plan: TrafficPlan, preset: Preset): Format {
  const text = plan.format ?? preset.format ?? 'default';
  const format = parseFormat(text);
  const problems = [
    ...rangeMistakes(plan),
    ...trafficMistakes({ ...familiesOf(preset), ...plan, format: text }),
    ...('problems' in format ? format.problems.map((message) => ({ message })) : []),
  ];
  if (problems.length === 0 && !('problems' in format)) return format;
  const message = problems.map((problem) => problem.message).join(' ');
  throw new FlowrigError('bad-usage', `The traffic cannot be generated: ${message}`, { problems });
}

/** Shares that a preset gives by itself. */
function familiesOf({ mix: { ipv6, icmp } }: Preset): Pick<Asked, 'ipv6' | 'icmp'> {
  return { ...(ipv6 !== undefined && { ipv6 }), ...(icmp !== undefined && { icmp }) };
}

function rangeMistakes(plan: TrafficPlan): { message: string }[] {
  const { records, maxRecords, startMs, reject = 0, nodata = 0, skipdata = 0, ipv6 = 0, icmp = 0 } = plan;
  const { outside = 0, ahead = 0 } = plan;
  const most = Number.MAX_SAFE_INTEGER;
  const shares = Object.entries({ reject, nodata, skipdata, ipv6, icmp, outside, ahead }).map(
    ([name, share]) => [name, share, 0, 1] as const,
  );
  const ranges = [
    ['records', records, 0, most],
    ['maxRecords', maxRecords, 1, most],
    ['start', startMs, 0, startMsMax],
    ...shares,
  ] as const;
  return ranges.flatMap(([name, value, least, limit]) =>
    value >= least && value <= limit ? [] : [{ message: `${name} is ${value}; it must be from ${least} to ${limit}.` }],
  );
}

/** One mistake, and the keys that lead to it. */
interface Mistake {
  readonly key: readonly (string | number)[];
  readonly message: string;
}

type Asked = Pick<
  TrafficPlan,
  | 'reject'
  | 'nodata'
  | 'skipdata'
  | 'ipv6'
  | 'icmp'
  | 'rejectedPorts'
  | 'phases'
  | 'filter'
  | 'scope'
  | 'aggregationS'
  | 'format'
>;

/** What a plan says that does not go together, whatever its counts are. */
export function trafficMistakes(plan: Asked): Mistake[] {
  return [
    ...mixMistakes(plan),
    ...portMistakes(plan),
    ...phaseMistakes(plan),
    ...wordMistakes(plan),
    ...recorderMistakes(plan),
  ];
}

function mixMistakes({ reject, nodata = 0, skipdata = 0, filter = 'all' }: Asked): Mistake[] {
  const mistakes: Mistake[] = [];
  if (nodata + skipdata > 1 && nodata <= 1 && skipdata <= 1) {
    const both = Number((nodata + skipdata).toFixed(6));
    mistakes.push({
      key: ['skipdata'],
      message: `nodata and traffic.skipdata together are ${both}: shares of all lines cannot pass 1.`,
    });
  }
  if (filter === 'accept' && reject !== undefined && reject > 0) {
    mistakes.push({
      key: ['filter'],
      message: `reject is ${reject}, but the filter "accept" writes no REJECT: leave one of them out.`,
    });
  }
  if (filter === 'reject' && reject !== undefined && reject < 1) {
    mistakes.push({
      key: ['filter'],
      message: `reject is ${reject}, but the filter "reject" writes nothing but REJECT: leave one of them out.`,
    });
  }
  return mistakes;
}

function portMistakes({ rejectedPorts, ipv6, icmp, filter, format }: Asked): Mistake[] {
  if (!rejectedPorts) return [];
  const parsed = parseFormat(format ?? 'default');
  const together = Number(rejectedPorts.reduce((sum, { share }) => sum + share, 0).toFixed(6));
  const reasons = [
    together > 1 && `together they are ${together}: shares of the rejected lines cannot pass 1.`,
    filter === 'accept' && 'the filter "accept" writes no REJECT: leave one of them out.',
    (ipv6 ?? icmp) !== undefined &&
      'shares of IPv6 or ICMP are given too, and only one of the two can be exact: leave one of them out.',
    'recorder' in parsed && parsed.recorder !== 'vpc' && "the format is a transit gateway's, which rejects nothing.",
    ...rejectedPorts.map(
      ({ port }) => !(port >= 1 && port <= 65_535) && `${port} is no port; take one from 1 to 65535.`,
    ),
  ];
  return reasons.flatMap((reason) => (reason ? [{ key: ['rejectedPorts'], message: `rejectedPorts: ${reason}` }] : []));
}

function phaseMistakes({ phases = [] }: Asked): Mistake[] {
  return phases.flatMap((phase, i) => {
    const before = phases[i - 1];
    const together = (phase.nodata ?? 0) + (phase.skipdata ?? 0);
    return [
      ...(before && before.fromMinute >= phase.fromMinute
        ? [
            {
              key: ['phases', i, 'from'],
              message: `phases: from ${phase.fromMinute}m follows ${before.fromMinute}m; phases come in the order of time, in whole minutes.`,
            },
          ]
        : []),
      ...(together > 1
        ? [
            {
              key: ['phases', i],
              message: `phases: nodata and skipdata together are ${together}: shares of all lines cannot pass 1.`,
            },
          ]
        : []),
    ];
  });
}

function wordMistakes({ filter = 'all', scope = 'vpc', aggregationS = 60 }: Asked): Mistake[] {
  const words = [
    ['filter', filter, filters],
    ['scope', scope, scopes],
  ] as const;
  const mistakes: Mistake[] = words.flatMap(([name, value, allowed]) =>
    (allowed as readonly string[]).includes(value)
      ? []
      : [{ key: [name], message: `${name} is "${value}"; it must be one of ${allowed.join(', ')}.` }],
  );
  if (aggregationS !== 60 && aggregationS !== 600) {
    mistakes.push({ key: ['aggregation'], message: `aggregation is ${aggregationS} s; AWS takes 60 s or 600 s.` });
  }
  return mistakes;
}

/** What AWS does not take for a transit gateway (Amazon EC2 API, CreateFlowLogs). */
function recorderMistakes({ filter = 'all', scope = 'vpc', aggregationS = 60, format = 'default' }: Asked): Mistake[] {
  const parsed = parseFormat(format);
  if ('problems' in parsed || parsed.recorder === 'vpc') return [];
  const of = "the format is a transit gateway's";
  return [
    ...(filter === 'all'
      ? []
      : [{ key: ['filter'], message: `filter is ${filter}, but ${of}, which accepts and rejects nothing; take all.` }]),
    ...(scope === 'vpc'
      ? []
      : [{ key: ['scope'], message: `scope is ${scope}, but ${of}, which is recorded as a whole; leave it out.` }]),
    ...(aggregationS === 60
      ? []
      : [{ key: ['aggregation'], message: `aggregation is ${aggregationS} s, but ${of}, which takes 60 s only.` }]),
  ];
}
