// What a plan asks for that cannot be: told all at once, with the value and what is allowed.

import { FlowrigError } from '../core/errors.ts';
import { parseFormat, type Format } from './formats.ts';
import { interfaceMistakes } from './interface-mixes.ts';
import { filters, type TrafficPlan } from './object-plans.ts';
import type { PortShare } from './port-shares.ts';
import { scopes, type Preset } from './preset.ts';

/** The end of the year 9999, the last that a key can name. */
const startMsMax = 253_402_300_799_999;

/** Returns the format of a plan. Throws `bad-usage` for what cannot hold together. */
export function requirePlan(plan: TrafficPlan, preset: Preset): Format {
  const text = plan.format ?? preset.format ?? 'default';
  const format = parseFormat(text);
  const problems = [
    ...rangeMistakes(plan),
    ...trafficMistakes({ ...plan, format: text }, preset),
    ...('problems' in format ? format.problems.map((message) => ({ message })) : []),
  ];
  if (problems.length === 0 && !('problems' in format)) return format;
  const message = problems.map((problem) => problem.message).join(' ');
  throw new FlowrigError('bad-usage', `The traffic cannot be generated: ${message}`, { problems });
}

function rangeMistakes(plan: TrafficPlan): { message: string }[] {
  const { records, maxRecords, startMs, reject = 0, nodata = 0, skipdata = 0, ipv6 = 0, icmp = 0 } = plan;
  const { outside = 0, ahead = 0 } = plan;
  const most = Number.MAX_SAFE_INTEGER;
  const named = (plan.interfaceMixes ?? []).flatMap((own) =>
    (['lines', 'reject', 'nodata', 'skipdata'] as const).map(
      (kind) => [`${kind} of ${own.name}`, own[kind] ?? 0] as const,
    ),
  );
  const shares = [...Object.entries({ reject, nodata, skipdata, ipv6, icmp, outside, ahead }), ...named].map(
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
  | 'acceptedPorts'
  | 'interfaceMixes'
  | 'interfaces'
  | 'outside'
  | 'ahead'
  | 'phases'
  | 'filter'
  | 'scope'
  | 'aggregationS'
  | 'format'
>;

/** What a plan says that does not go together, whatever its counts are. */
export function trafficMistakes(plan: Asked, preset: Preset | undefined): Mistake[] {
  return [
    ...mixMistakes(plan),
    ...partMistakes(plan, preset),
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

/** Shares by port and by interface. */
function partMistakes(plan: Asked, preset: Preset | undefined): Mistake[] {
  const { rejectedPorts, acceptedPorts, interfaceMixes, filter } = plan;
  const isGiven = (words: string): string =>
    `${words} are given too, and only one of the two can be exact: leave one of them out.`;
  const common = commonReasons(plan, preset, isGiven);
  const beside = (
    [
      ['shares of records outside of their slot', plan.outside ?? plan.ahead],
      ['interfaceMixes', interfaceMixes],
    ] as const
  ).flatMap(([words, value]) => (value === undefined ? [] : [isGiven(words)]));
  const told = (key: string, reasons: readonly string[]): Mistake[] =>
    reasons.map((reason) => ({ key: [key], message: `${key}: ${reason}` }));
  return [
    ...(rejectedPorts
      ? told('rejectedPorts', [
          ...portReasons(rejectedPorts, 'rejected'),
          ...(filter === 'accept' ? ['the filter "accept" writes no REJECT: leave one of them out.'] : []),
          ...common,
        ])
      : []),
    ...(acceptedPorts
      ? told('acceptedPorts', [
          ...portReasons(acceptedPorts, 'accepted'),
          ...(filter === 'reject' ? ['the filter "reject" writes no ACCEPT: leave one of them out.'] : []),
          ...common,
          ...beside,
        ])
      : []),
    ...(interfaceMixes
      ? told('interfaceMixes', [
          ...interfaceMistakes({ ...plan, interfaceMixes, preset }),
          ...common,
          ...beside.slice(0, -1),
          ...(rejectedPorts ? [isGiven('rejectedPorts')] : []),
          ...(plan.phases ? [isGiven('phases')] : []),
          ...(filter !== undefined && filter !== 'all'
            ? [`the filter "${filter}" writes one action alone: leave one of them out.`]
            : []),
          ...(plan.scope !== undefined && plan.scope !== 'vpc'
            ? [`the scope ${plan.scope} has no roles: leave one of them out.`]
            : []),
        ])
      : []),
  ];
}

function commonReasons(
  { ipv6, icmp, format }: Asked,
  preset: Preset | undefined,
  isGiven: (words: string) => string,
): string[] {
  const parsed = parseFormat(format ?? 'default');
  const hasFamilies = (ipv6 ?? icmp ?? preset?.mix.ipv6 ?? preset?.mix.icmp) !== undefined;
  return [
    ...(hasFamilies ? [isGiven('shares of IPv6 or ICMP')] : []),
    ...('recorder' in parsed && parsed.recorder !== 'vpc'
      ? ["the format is a transit gateway's, which rejects nothing."]
      : []),
  ];
}

function portReasons(shares: readonly PortShare[], kind: string): string[] {
  const together = Number(shares.reduce((sum, { share }) => sum + share, 0).toFixed(6));
  return [
    ...(together > 1 ? [`together they are ${together}: shares of the ${kind} lines cannot pass 1.`] : []),
    ...shares.flatMap(({ port }) =>
      port >= 1 && port <= 65_535 ? [] : [`${port} is no port; take one from 1 to 65535.`],
    ),
  ];
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
