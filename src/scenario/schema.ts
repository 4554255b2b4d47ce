// What a scenario and a project file may say. The same schema validates, completes in editors (scenarios/schema.json) and is the
// documentation: every key has a description and an example.

import { Type, type TSchema } from 'typebox';

import { quantity } from '../core/quantity.ts';
import { formatNames } from '../flowlogs/formats.ts';
import { filters } from '../flowlogs/object-plans.ts';
import { scopes } from '../flowlogs/preset.ts';
import { presets } from '../flowlogs/presets/index.ts';
import { switches, switchNames } from '../sink/editions/switches.ts';
import { kinds, type ListedKind } from './kinds.ts';
import { layoutSchema } from './layout-schema.ts';
import { usualLateBy } from './pace-plan.ts';

/** An object that refuses keys it does not know, with every key optional unless `required` names it. */
function section(description: string, properties: Record<string, TSchema>, required: readonly string[] = []): TSchema {
  const entries = Object.entries(properties).map(([key, schema]) => [
    key,
    required.includes(key) ? schema : Type.Optional(schema),
  ]);
  return Type.Object(Object.fromEntries(entries) as Record<string, TSchema>, {
    additionalProperties: false,
    description,
  });
}

function words(description: string, values: readonly string[]): TSchema {
  return Type.Unsafe<string>({ enum: [...values], description, examples: [values[0]] });
}

function oneOf(description: string, list: readonly ListedKind[]): TSchema {
  return Type.Union(
    list.map((part) => part.config),
    { description },
  );
}

const traffic = section('What is written: a preset, or files of your own.', {
  preset: words(
    'A traffic model of ours.',
    presets.map((preset) => preset.name),
  ),
  files: Type.Array(Type.String({ minLength: 1 }), {
    description: 'Paths or globs of real .log and .log.gz files, replayed byte for byte.',
    examples: [['./captured/*.log.gz']],
    minItems: 1,
  }),
  records: quantity('count', 'Data lines of all kinds; header lines are not counted.'),
  reject: quantity('share', 'Share of REJECT among the lines with status OK.'),
  rejectedPorts: Type.Record(
    Type.String({ pattern: String.raw`^\d{1,5}$` }),
    quantity('share', 'Of the REJECT lines.'),
    {
      description:
        'Shares of the REJECT lines whose dstport is one of these TCP ports, exact as the other shares; no other REJECT line has them. As the ' +
        'preset has it by default.',
      examples: [{ 22: '40%', 3389: '10%' }],
      minProperties: 1,
      additionalProperties: false,
    },
  ),
  acceptedPorts: Type.Record(
    Type.String({ pattern: String.raw`^\d{1,5}$` }),
    quantity('share', 'Of the ACCEPT lines.'),
    {
      description:
        'Shares of the ACCEPT lines of TCP and UDP conversations whose server has one of these ports (dstport in one direction, srcport in ' +
        'the other), exact as the other shares; no other ACCEPT line has them. As the preset has it by default.',
      examples: [{ 443: '60%', 25: '1%' }],
      minProperties: 1,
      additionalProperties: false,
    },
  ),
  interfaceMixes: Type.Record(
    Type.String({ minLength: 1 }),
    section(
      'Lines of these interfaces, and shares of them; what is not named is none.',
      {
        lines: quantity('share', 'Share of all lines that is recorded at them.', { examples: ['20%'] }),
        reject: quantity('share', 'Share of REJECT among their lines with status OK.'),
        nodata: quantity('share', 'Share of NODATA among their lines, of idle interfaces of the role.'),
        skipdata: quantity('share', 'Share of SKIPDATA among their lines.'),
      },
      ['lines'],
    ),
    {
      description:
        'Interfaces with a mix of their own, exact as the other shares: a role of the preset, or one interface of a role, such as web-2. They ' +
        'speak with hosts outside of the VPC and with each other. reject, nodata and skipdata beside it stay shares of all interfaces ' +
        'together; where they are not given, the other interfaces have those of the preset.',
      examples: [{ 'load-balancer': { lines: '30%', reject: '60%' }, 'web-2': { lines: '5%', skipdata: '10%' } }],
      minProperties: 1,
    },
  ),
  nodata: quantity('share', 'Share of NODATA among all lines.'),
  skipdata: quantity('share', 'Share of SKIPDATA among all lines.'),
  ipv6: quantity('share', 'Share of IPv6 among the lines with status OK; as the preset has it by default.'),
  icmp: quantity('share', 'Share of ICMP and ICMPv6 among the lines with status OK; as the preset has it by default.'),
  phases: Type.Array(
    section(
      'What holds from a minute of the log on.',
      {
        from: quantity('duration', 'Since the start of the log, in whole minutes.', { examples: ['10m'] }),
        reject: quantity('share', 'Share of REJECT among the lines with status OK.'),
        nodata: quantity('share', 'Share of NODATA among all lines.'),
        skipdata: quantity('share', 'Share of SKIPDATA among all lines.'),
      },
      ['from'],
    ),
    { description: 'How the mix changes over the time of the log.', examples: [[{ from: '10m', reject: '60%' }]] },
  ),
  format: Type.String({
    description: `The fields of a line: ${formatNames.join(', ')}, or AWS's own notation. A preset's own by default.`,
    examples: ['default', 'v5', '${version} ${vpc-id} ${srcaddr} ${dstaddr} ${action} ${log-status}'],
    minLength: 1,
  }),
  interfaces: quantity('count', 'Network interfaces with traffic, in each flow log; as the preset has it by default.', {
    examples: [40],
  }),
  filter: words("What is recorded, AWS's TrafficType.", filters),
  scope: words('What the flow log was created on: the VPC, or its first subnet or interface.', scopes),
  aggregation: Type.Unsafe<string>({
    enum: ['60s', '600s', '1m', '10m'],
    description:
      "AWS's MaxAggregationInterval. Over 10 minutes, the instances are of the kinds before Nitro, which alone keep to it.",
    examples: ['600s'],
  }),
  start: Type.Unsafe<string>({
    type: 'string',
    pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$`,
    description: 'Start of the first aggregation window, in UTC.',
    examples: ['2026-01-01T00:00:00Z'],
  }),
});

const objects = section('How the records are cut into objects.', {
  file: words('The format of the files: gzipped text, or Parquet as AWS writes it.', ['text', 'parquet']),
  maxRecords: quantity('count', 'Most records in one file.', { examples: ['10k'] }),
  hive: Type.Boolean({
    description: 'Hive-compatible keys: aws-account-id=123456789012/aws-service=vpcflowlogs/... Default: false.',
    examples: [true],
  }),
  hourly: Type.Boolean({ description: 'One folder an hour. Default: false, one a day.', examples: [true] }),
  prefix: Type.Unsafe<string>({
    type: 'string',
    pattern: '^(?!AWSLogs(/|$))[^/]([^/]|/(?!/|$))*/?$',
    description: 'What stands before AWSLogs/ in the keys; AWS takes any but AWSLogs itself. Default: nothing.',
    examples: ['network/logs'],
  }),
  pace: Type.Unsafe<unknown>({
    anyOf: [{ type: 'string', pattern: String.raw`^(flat-out|realtime|\d+(\.\d+)?x)$` }, { type: 'object' }],
    description:
      'How fast objects appear: as fast as they can be written (flat-out, the default), when AWS would publish them (realtime), so ' +
      'many times faster (10x), or by records a second, at a rate or along a ramp of rates.',
    examples: [
      'flat-out',
      'realtime',
      '10x',
      { rate: '5k/s' },
      { ramp: [{ rate: '1k/s', for: '30s' }, { rate: '5k/s' }] },
    ],
  }),
  outside: quantity(
    'share',
    'Share of the records whose window lies in the slot before the one that their file is named after; they come on top of maxRecords. ' +
      'Default: none.',
    { examples: ['1%', 0.01] },
  ),
  ahead: quantity(
    'share',
    'Share of the records whose window lies in the slot behind the one that their file is named after; they too come on top of ' +
      'maxRecords. Default: none.',
    { examples: ['1%', 0.01] },
  ),
  late: quantity('share', 'Share of the objects that AWS publishes late, behind those of later slots. Default: none.'),
  lateBy: quantity(
    'duration',
    `How much later they come than their pace has them: in the time of the log at AWS's pace and flat-out. Default: ${usualLateBy}.`,
    { examples: ['20m'], positive: true },
  ),
});

const sink = section('The fake SigNoz.', {
  edition: words('SigNoz Cloud, or the collector that people host themselves.', ['cloud', 'selfhost']),
  key: Type.String({
    minLength: 1,
    description: 'The ingestion key; made from the seed by default.',
    examples: ['my-key'],
  }),
  ...Object.fromEntries(
    switchNames.map((name) => {
      const { summary, values, default: initial, reason } = switches[name];
      const description = `${summary[0]!.toUpperCase()}${summary.slice(1)}. Default ${initial}: ${reason}.`;
      return [name, Type.Unsafe<string | number>({ enum: [...values], description, examples: [values[0]] })];
    }),
  ),
  host: Type.String({
    minLength: 1,
    description:
      'A real host of SigNoz Cloud, under which the target is to meet the sink: URLs become https://HOST. Without it they lead ' +
      'to 127.0.0.1; code with a real URL in it finds the sink either way.',
    examples: ['ingest.us.signoz.cloud'],
  }),
});

const promises = section('What the forwarder under test owes.', {
  delivery: words('The check that judges delivery.', [
    'once-unless-provoked',
    'exactly-once',
    'at-least-once',
    'no-loss',
  ]),
  keep: Type.String({
    description: 'Which lines with status OK it forwards: all, or a condition on fields.',
    examples: ['all', 'action = REJECT', 'dstport in [22, 3389]'],
  }),
  nodata: words('What it does with NODATA lines.', ['forward', 'drop', 'any']),
  skipdata: words('What it does with SKIPDATA lines.', ['forward', 'drop', 'any']),
  header: words('What it does with header lines.', ['drop', 'any']),
  layout: Type.Union(
    [
      Type.Unsafe<string>({ enum: ['auto'], description: 'Found by the names of the fields.' }),
      Type.String({ minLength: 1, description: 'A file that says it.' }),
      layoutSchema,
    ],
    {
      description: 'Where it puts each field: found by looking, or as a file says.',
      examples: ['auto', './layout.yaml'],
    },
  ),
  fields: section('Fields that it changes on purpose.', {
    dropped: Type.Array(Type.String(), { description: 'Fields that it leaves out.', examples: [['account-id']] }),
    masked: Type.Array(Type.String(), { description: 'Fields whose value it replaces.', examples: [['srcaddr']] }),
    added: words('Fields of its own.', ['any']),
  }),
});

const limits = section('Limits of a Lambda target, over its own.', {
  memory: quantity('memory', 'Memory; MB is MiB, as AWS says it.'),
  timeout: quantity('duration', 'Time limit of one invocation.', { examples: ['3s'] }),
  concurrency: Type.Integer({ minimum: 1, maximum: 1000, description: 'Invocations at once.', examples: [1] }),
});

const drain = section('When a run is over.', {
  quiet: quantity('duration', 'For polling targets: no request for this long.', { examples: ['10s'] }),
  limit: quantity('duration', 'Machine time in which nothing moves, after which the run ends as unknown.', {
    examples: ['60s'],
  }),
});

const expect = Type.Array(Type.String({ minLength: 1 }), {
  description: 'Checks that judge the run: `promises`, or checks by name.',
  examples: [['promises'], ['no-loss', 'latency p99 < 5s', 'throughput > 20k records/s']],
  minItems: 1,
});

const version = Type.Unsafe<number>({ enum: [1], description: 'Version of this format.', examples: [1] });
const store = oneOf('The S3.', kinds.stores);
const trigger = oneOf('How the forwarder hears of an object.', kinds.triggers);
const target = Type.Union([
  Type.Unsafe<string>({ enum: ['builtin:forwarder'], description: 'The forwarder that flowrig ships.' }),
  ...kinds.targets.map((part) => part.config),
]);

export const scenarioSchema: TSchema = section(
  'A situation to put a forwarder into.',
  {
    version,
    name: Type.Unsafe<string>({
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
      description: 'Names the folder of its runs; the file name by default.',
      examples: ['sink-429'],
    }),
    summary: Type.String({ description: 'One sentence for people.', examples: ['A web VPC while SigNoz throttles.'] }),
    group: Type.String({ description: 'The group that it belongs to.', examples: ['core'] }),
    seed: Type.Integer({ minimum: 0, description: 'Everything random follows from it.', examples: [42] }),
    traffic,
    objects,
    store,
    trigger,
    target,
    limits,
    sink,
    faults: Type.Array(oneOf('A fault.', kinds.faults), { description: 'What goes wrong, and when.' }),
    promises,
    waits: words('Whether waiting time is skipped while nothing can observe it.', ['skip', 'real']),
    drain,
    expect,
  },
  ['version'],
);

export const projectSchema: TSchema = section(
  'flowrig.yaml: the forwarder under test and what it promises.',
  {
    version,
    target,
    sink,
    promises,
    scenarios: Type.Array(Type.String({ minLength: 1 }), {
      description: 'Scenarios to run by default: files, folders, globs, or names of shipped ones.',
      examples: [['./rig/*.yaml', 'core']],
    }),
  },
  ['version'],
);

/** The lists of kinds that sit at a path of the document; a value there is validated against the kind that it names. */
export const kindLists: ReadonlyMap<string, readonly ListedKind[]> = new Map([
  ['store', kinds.stores],
  ['trigger', kinds.triggers],
  ['target', kinds.targets],
  ['faults/*', kinds.faults],
]);

/** The schema as a document for editors. */
export function schemaDocument(): string {
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'flowrig scenario',
    ...scenarioSchema,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
