// The fields of AWS's flow-log records: one row a field, in AWS's table order. Encoders, headers and the oracle read this
// table, so a field is added here and nowhere else.

/** How AWS types a field (in Parquet; in text every value is text). */
type FieldType = 'int32' | 'int64' | 'string';

/** One field of a flow-log record. */
export interface Field {
  /** As a header line and `LogFormat` spell it. */
  readonly name: string;
  /** The version of AWS's format that brought it. */
  readonly version: number;
  readonly type: FieldType;
  readonly meaning: string;
  /** The page that documents it. */
  readonly page: string;
}

const recordsPage = 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html';

function field(name: string, version: number, type: FieldType, meaning: string): Field {
  return { name, version, type, meaning, page: recordsPage };
}

/** The fields that the rig can write, in AWS's table order (Amazon VPC User Guide, "Flow log records"). */
export const fields: readonly Field[] = [
  field('version', 2, 'int32', 'version of the format: 2 in the default format, else the highest of its fields'),
  field('account-id', 2, 'string', 'account that owns the recorded network interface, 12 digits'),
  field('interface-id', 2, 'string', 'the recorded network interface'),
  field('srcaddr', 2, 'string', 'source address; for egress the primary private address of the interface'),
  field('dstaddr', 2, 'string', 'destination address; for ingress the primary private address of the interface'),
  field('srcport', 2, 'int32', 'source port, 0 for ICMP'),
  field('dstport', 2, 'int32', 'destination port, 0 for ICMP'),
  field('protocol', 2, 'int32', 'IANA protocol number'),
  field('packets', 2, 'int64', 'packets in the interval'),
  field('bytes', 2, 'int64', 'bytes in the interval, IP headers included'),
  field('start', 2, 'int64', 'start of the interval, Unix seconds'),
  field('end', 2, 'int64', 'end of the interval, Unix seconds'),
  field('action', 2, 'string', 'ACCEPT or REJECT'),
  field('log-status', 2, 'string', 'OK, NODATA or SKIPDATA'),
];

/** The names of the default format, in header and record order; AWS does not let it be changed. */
export const defaultFormat: readonly string[] = fields.map(({ name }) => name);

// Names that a file of a custom format may have in its header. The first seven rows are versions 3, 4, 5, 7, 8 to 10 and 11
// of the page above; the last is the Transit Gateway's version 6
// (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html).
const otherNames = [
  'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr',
  'region az-id sublocation-type sublocation-id',
  'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path',
  'ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id',
  'ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id',
  'reject-reason resource-id encryption-status',
  'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type',
  'next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type',
  'resource-type tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id',
  'tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id',
  'packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired',
].flatMap((row) => row.split(' '));

const fieldNames: ReadonlySet<string> = new Set([...defaultFormat, ...otherNames]);

/** Whether AWS documents a field of this name, for VPC or Transit Gateway flow logs: how a header line is told from a record. */
export function isFieldName(token: string): boolean {
  return fieldNames.has(token);
}
