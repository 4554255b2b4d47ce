// The fields of AWS's flow-log records: one row a field, in AWS's table order. Encoders, headers and the oracle read this
// table, so a field is added here and nowhere else. Which of them a file has is a format's matter (formats.ts).

/** How AWS types a field (in Parquet; in text every value is text). */
export type FieldType = 'int32' | 'int64' | 'string';

/** One field of a flow-log record. */
export interface Field {
  /** As a header line and `LogFormat` spell it. */
  readonly name: string;
  /** The version of AWS's format that brought it. */
  readonly version: number;
  readonly type: FieldType;
  /** Whether NODATA and SKIPDATA records hold it: it says something of the interface or the interval, not of a flow. */
  readonly isKept: boolean;
  readonly meaning: string;
  /** The page that documents it. */
  readonly page: string;
}

const recordsPage = 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html';
const transitGatewayPage = 'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html';

type Row = readonly [name: string, type: FieldType, meaning: string];

// Of the default format AWS shows which fields a NODATA record keeps (Amazon VPC User Guide, "Flow log record examples"). Of
// custom formats it shows none: there the captured Parquet file of the OpenTelemetry Collector's tests keeps what the interface
// is (open-telemetry/opentelemetry-collector-contrib, valid_flow_log_parquet_expected.yaml).
const keptNames: ReadonlySet<string> = new Set(
  (
    'version account-id interface-id start end log-status vpc-id subnet-id instance-id region az-id sublocation-type sublocation-id ' +
    'resource-type tgw-id tgw-attachment-id'
  ).split(' '),
);

function rows(version: number, page: string, list: readonly Row[]): Field[] {
  return list.map(([name, type, meaning]) => ({ name, version, type, isKept: keptNames.has(name), meaning, page }));
}

/** The fields of VPC flow logs, in AWS's table order (Amazon VPC User Guide, "Flow log records"). */
export const fields: readonly Field[] = [
  ...rows(2, recordsPage, [
    ['version', 'int32', 'version of the format: 2 in the default format, else the highest of its fields'],
    ['account-id', 'string', 'account that owns the recorded network interface, 12 digits'],
    ['interface-id', 'string', 'the recorded network interface'],
    ['srcaddr', 'string', 'source address; for egress the primary private address of the interface'],
    ['dstaddr', 'string', 'destination address; for ingress the primary private address of the interface'],
    ['srcport', 'int32', 'source port, 0 for ICMP'],
    ['dstport', 'int32', 'destination port, 0 for ICMP'],
    ['protocol', 'int32', 'IANA protocol number'],
    ['packets', 'int64', 'packets in the interval'],
    ['bytes', 'int64', 'bytes in the interval, IP headers included'],
    ['start', 'int64', 'start of the interval, Unix seconds'],
    ['end', 'int64', 'end of the interval, Unix seconds'],
    ['action', 'string', 'ACCEPT or REJECT'],
    ['log-status', 'string', 'OK, NODATA or SKIPDATA'],
  ]),
  ...rows(3, recordsPage, [
    ['vpc-id', 'string', 'VPC of the interface'],
    ['subnet-id', 'string', 'subnet of the interface'],
    ['instance-id', 'string', 'instance of the interface, unless AWS manages it'],
    ['tcp-flags', 'int32', 'FIN 1, SYN 2, RST 4 and SYN-ACK 18, OR-ed over the interval'],
    ['type', 'string', 'IPv4, IPv6 or EFA'],
    ['pkt-srcaddr', 'string', 'original source address of the packets'],
    ['pkt-dstaddr', 'string', 'original destination address of the packets'],
  ]),
  ...rows(4, recordsPage, [
    ['region', 'string', 'Region of the interface'],
    ['az-id', 'string', 'Availability Zone of the interface, unless it lies in a sublocation'],
    ['sublocation-type', 'string', 'wavelength, outpost or localzone'],
    ['sublocation-id', 'string', 'id of the sublocation'],
  ]),
  ...rows(5, recordsPage, [
    ['pkt-src-aws-service', 'string', 'AWS service of the original source address'],
    ['pkt-dst-aws-service', 'string', 'AWS service of the original destination address'],
    ['flow-direction', 'string', 'ingress or egress, as the interface sees it'],
    ['traffic-path', 'int32', 'way out of egress traffic, 1 to 8'],
  ]),
  ...rows(7, recordsPage, [
    ['ecs-cluster-arn', 'string', 'cluster of the ECS task'],
    ['ecs-cluster-name', 'string', 'name of that cluster'],
    ['ecs-container-instance-arn', 'string', 'container instance of a task on EC2'],
    ['ecs-container-instance-id', 'string', 'id of that container instance'],
    ['ecs-container-id', 'string', 'Docker id of the first container'],
    ['ecs-second-container-id', 'string', 'Docker id of the second container'],
    ['ecs-service-name', 'string', 'service that started the task'],
    ['ecs-task-definition-arn', 'string', 'definition of the task'],
    ['ecs-task-arn', 'string', 'the task'],
    ['ecs-task-id', 'string', 'id of the task'],
  ]),
  ...rows(8, recordsPage, [['reject-reason', 'string', 'BPA or EC, where one of them rejected the traffic']]),
  ...rows(9, recordsPage, [['resource-id', 'string', 'regional NAT gateway that the traffic is of']]),
  ...rows(10, recordsPage, [['encryption-status', 'int32', '0 none, 1 by Nitro, 2 by the application, 3 by both']]),
  ...rows(11, recordsPage, [
    ['instance-tag', 'string', 'value of the first chosen tag of the instance'],
    ['instance-tag-2', 'string', 'value of the second one'],
    ['interface-tag', 'string', 'value of the first chosen tag of the interface'],
    ['interface-tag-2', 'string', 'value of the second one'],
    ['asg-tag', 'string', 'value of the first chosen tag of the Auto Scaling group'],
    ['asg-tag-2', 'string', 'value of the second one'],
    ['interface-type', 'string', 'what AWS runs behind the interface, if it does'],
    ['next-hop-interface-id', 'string', 'interface that receives egress or sends ingress traffic'],
    ['next-hop-subnet-id', 'string', 'its subnet'],
    ['next-hop-az-id', 'string', 'its Availability Zone'],
    ['next-hop-vpc-id', 'string', 'its VPC'],
    ['next-hop-interface-type', 'string', 'its interface-type'],
  ]),
];

/** The fields that Transit Gateway flow logs have for themselves (Transit Gateways guide, "Flow log records"). */
export const transitGatewayFields: readonly Field[] = rows(6, transitGatewayPage, [
  ['resource-type', 'string', 'TransitGateway'],
  ['tgw-id', 'string', 'the transit gateway'],
  ['tgw-attachment-id', 'string', 'attachment at which the flow is recorded'],
  ['tgw-src-vpc-account-id', 'string', 'account of the source VPC'],
  ['tgw-dst-vpc-account-id', 'string', 'account of the destination VPC'],
  ['tgw-src-vpc-id', 'string', 'source VPC'],
  ['tgw-dst-vpc-id', 'string', 'destination VPC'],
  ['tgw-src-subnet-id', 'string', 'subnet of the source'],
  ['tgw-dst-subnet-id', 'string', 'subnet of the destination'],
  ['tgw-src-eni', 'string', 'interface of the source attachment'],
  ['tgw-dst-eni', 'string', 'interface of the destination attachment'],
  ['tgw-src-az-id', 'string', 'Availability Zone of the source attachment'],
  ['tgw-dst-az-id', 'string', 'Availability Zone of the destination attachment'],
  ['tgw-pair-attachment-id', 'string', 'attachment at the other end of the flow'],
  ['packets-lost-no-route', 'int64', 'packets lost for want of a route'],
  ['packets-lost-blackhole', 'int64', 'packets lost in a black hole'],
  ['packets-lost-mtu-exceeded', 'int64', 'packets lost for their size'],
  ['packets-lost-ttl-expired', 'int64', 'packets lost for their age'],
]);

/** The names of the default format, in header and record order; AWS does not let it be changed. */
export const defaultFormat: readonly string[] = fields.flatMap(({ name, version }) => (version === 2 ? [name] : []));

const byName: ReadonlyMap<string, Field> = new Map(
  [...fields, ...transitGatewayFields].map((field) => [field.name, field]),
);

/** The field of a name, for VPC or Transit Gateway flow logs; undefined for any other name. */
export function findField(name: string): Field | undefined {
  return byName.get(name);
}

/** Whether AWS documents a field of this name, for VPC or Transit Gateway flow logs: how a header line is told from a record. */
export function isFieldName(token: string): boolean {
  return byName.has(token);
}
