// What each field may hold, read from AWS's pages anew and apart from the generator's own table, so that one misreading cannot hide
// in both: Amazon VPC User Guide, "Flow log records"; Amazon VPC Transit Gateways, "Transit Gateway Flow Log records".

import { isIP } from 'node:net';

/** What the inspector knows of a field. */
export interface FieldRule {
  readonly name: string;
  /** The version of AWS's format that brought it. */
  readonly version: number;
  /** In words, for messages. */
  readonly domain: string;
  /** Whether a value other than `-` is one of the field's. */
  readonly holds: (value: string) => boolean;
  /** Column type in Parquet. */
  readonly type: 'INT32' | 'INT64' | 'BYTE_ARRAY';
  /** `-` never stands for it. */
  readonly isNeverAbsent: boolean;
  /** Says something of a flow: NODATA and SKIPDATA records have `-`. */
  readonly isOfFlow: boolean;
}

interface Domain {
  readonly domain: string;
  readonly holds: (value: string) => boolean;
  readonly type?: FieldRule['type'];
}

function form(domain: string, pattern: RegExp): Domain {
  return { domain, holds: (value) => pattern.test(value) };
}

function words(...list: string[]): Domain {
  return { domain: `one of ${list.join(', ')}`, holds: (value) => list.includes(value) };
}

/** Written as AWS writes numbers: no sign, no zero in front. */
function whole(most: number, type: 'INT32' | 'INT64', domain = `a whole number from 0 to ${most}`): Domain {
  const pattern = /^(0|[1-9]\d{0,18})$/;
  return { domain, holds: (value) => pattern.test(value) && Number(value) <= most, type };
}

function numbers(...list: number[]): Domain {
  const known = new Set(list.map(String));
  return { domain: `one of ${list.join(', ')}`, holds: (value) => known.has(value), type: 'INT32' };
}

/** 8 hex digits are those of old resources, 17 of all others; one of AWS's examples has 16. */
function id(prefix: string): Domain {
  return form(`${prefix}- and 8 to 17 hex digits`, new RegExp(`^${prefix}-[0-9a-f]{8,17}$`));
}

const account = form('12 digits, or unknown', /^(\d{12}|unknown)$/);
const address: Domain = { domain: 'an IPv4 or IPv6 address', holds: (value) => isIP(value) !== 0 };
const count = whole(Number.MAX_SAFE_INTEGER, 'INT64', 'a whole number');
const port = whole(65_535, 'INT32');
const seconds: Domain = { ...form('Unix seconds, 10 digits', /^[1-9]\d{9}$/), type: 'INT64' };
const zone = form('an Availability Zone id', /^[a-z0-9-]+-az\d+$/);
const anything = form('any text without spaces', /^[\x21-\x7e]+$/);
const arn = form('an ARN of ECS', /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:\S+$/);
const tag = form('a tag’s value in percent-encoding', /^(?:[\x21-\x24\x26-\x7e]|%[0-9A-Fa-f]{2})+$/);
const managed = words(
  'nat_gateway',
  'network_load_balancer',
  'regional_nat_gateway',
  'transit_gateway',
  'vpc_endpoint',
);
const service = words(
  ...(
    'AMAZON AMAZON_APPFLOW AMAZON_CONNECT API_GATEWAY AURORA_DSQL CHIME_MEETINGS CHIME_VOICECONNECTOR CLOUD9 CLOUDFRONT ' +
    'CLOUDFRONT_ORIGIN_FACING CODEBUILD DYNAMODB EBS EC2 EC2_INSTANCE_CONNECT GLOBALACCELERATOR IVS_LOW_LATENCY IVS_REALTIME ' +
    'KINESIS_VIDEO_STREAMS MEDIA_PACKAGE_V2 ROUTE53 ROUTE53_HEALTHCHECKS ROUTE53_HEALTHCHECKS_PUBLISHING ROUTE53_RESOLVER S3 ' +
    'WORKSPACES_GATEWAYS'
  ).split(' '),
);

/** FIN 1, SYN 2, RST 4 and SYN-ACK 18, OR-ed; Transit Gateways know PSH 8, ACK 16 and URG 32 besides. */
export const vpcTcpFlags: ReadonlySet<string> = new Set([
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '18',
  '19',
  '22',
  '23',
]);

const table: readonly (readonly [version: number, fields: Readonly<Record<string, Domain>>])[] = [
  [
    2,
    {
      version: whole(11, 'INT32', 'a version from 2 to 11'),
      'account-id': account,
      'interface-id': id('eni'),
      srcaddr: address,
      dstaddr: address,
      srcport: port,
      dstport: port,
      protocol: whole(255, 'INT32'),
      packets: count,
      bytes: count,
      start: seconds,
      end: seconds,
      action: words('ACCEPT', 'REJECT'),
      'log-status': words('OK', 'NODATA', 'SKIPDATA'),
    },
  ],
  [
    3,
    {
      'vpc-id': id('vpc'),
      'subnet-id': id('subnet'),
      'instance-id': id('i'),
      'tcp-flags': whole(63, 'INT32'),
      type: words('IPv4', 'IPv6', 'EFA'),
      'pkt-srcaddr': address,
      'pkt-dstaddr': address,
    },
  ],
  [
    4,
    {
      region: form('a Region', /^[a-z]{2}(-[a-z]+)+-\d$/),
      'az-id': zone,
      'sublocation-type': words('wavelength', 'outpost', 'localzone'),
      'sublocation-id': anything,
    },
  ],
  [
    5,
    {
      'pkt-src-aws-service': service,
      'pkt-dst-aws-service': service,
      'flow-direction': words('ingress', 'egress'),
      'traffic-path': numbers(1, 2, 3, 4, 5, 6, 7, 8),
    },
  ],
  [
    6,
    {
      'resource-type': words('TransitGateway'),
      'tgw-id': id('tgw'),
      'tgw-attachment-id': id('tgw-attach'),
      'tgw-src-vpc-account-id': account,
      'tgw-dst-vpc-account-id': account,
      'tgw-src-vpc-id': id('vpc'),
      'tgw-dst-vpc-id': id('vpc'),
      'tgw-src-subnet-id': id('subnet'),
      'tgw-dst-subnet-id': id('subnet'),
      'tgw-src-eni': id('eni'),
      'tgw-dst-eni': id('eni'),
      'tgw-src-az-id': zone,
      'tgw-dst-az-id': zone,
      'tgw-pair-attachment-id': id('tgw-attach'),
      'packets-lost-no-route': count,
      'packets-lost-blackhole': count,
      'packets-lost-mtu-exceeded': count,
      'packets-lost-ttl-expired': count,
    },
  ],
  [
    7,
    {
      'ecs-cluster-arn': arn,
      'ecs-cluster-name': anything,
      'ecs-container-instance-arn': arn,
      'ecs-container-instance-id': anything,
      'ecs-container-id': anything,
      'ecs-second-container-id': anything,
      'ecs-service-name': anything,
      'ecs-task-definition-arn': arn,
      'ecs-task-arn': arn,
      'ecs-task-id': anything,
    },
  ],
  [8, { 'reject-reason': words('BPA', 'EC') }],
  [9, { 'resource-id': id('nat') }],
  [10, { 'encryption-status': numbers(0, 1, 2, 3) }],
  [
    11,
    {
      'instance-tag': tag,
      'instance-tag-2': tag,
      'interface-tag': tag,
      'interface-tag-2': tag,
      'asg-tag': tag,
      'asg-tag-2': tag,
      'interface-type': managed,
      'next-hop-interface-id': id('eni'),
      'next-hop-subnet-id': id('subnet'),
      'next-hop-az-id': zone,
      'next-hop-vpc-id': id('vpc'),
      'next-hop-interface-type': managed,
    },
  ],
];

const neverAbsent = new Set(['version', 'account-id', 'start', 'end', 'log-status']);

// The first eight AWS shows as `-` in its examples of NODATA and SKIPDATA; the others tell of a flow in the same way.
const ofFlow = new Set(
  (
    'srcaddr dstaddr srcport dstport protocol packets bytes action tcp-flags type pkt-srcaddr pkt-dstaddr pkt-src-aws-service ' +
    'pkt-dst-aws-service flow-direction traffic-path reject-reason'
  ).split(' '),
);

const rules: ReadonlyMap<string, FieldRule> = new Map(
  table.flatMap(([version, fields]) =>
    Object.entries(fields).map(([name, { domain, holds, type = 'BYTE_ARRAY' }]): [string, FieldRule] => [
      name,
      { name, version, domain, holds, type, isNeverAbsent: neverAbsent.has(name), isOfFlow: ofFlow.has(name) },
    ]),
  ),
);

/** The rule of a field by its name in a header; undefined where AWS documents none. */
export function fieldRule(name: string): FieldRule | undefined {
  return rules.get(name);
}
