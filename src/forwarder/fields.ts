// How each flow-log field is sent. Attribute names are those of the OpenTelemetry Collector's own decoder
// (opentelemetry-collector-contrib, extension/encoding/awslogsencodingextension), so that dashboards made for it carry over.
// Field names and meanings: Amazon VPC User Guide, "Flow log records"; Amazon VPC Transit Gateways guide, "Flow log records".

/**
 * How a column's value is encoded. `omitted` ones are taken up elsewhere: in the resource or the addresses. A `time` is in the
 * record's timestamp, and an attribute only where the timestamp could not take it.
 */
export const columnKinds = {
  omitted: 0,
  text: 1,
  integer: 2,
  protocol: 3,
  direction: 4,
  lowerCase: 5,
  time: 6,
} as const;

export type ColumnKind = (typeof columnKinds)[keyof typeof columnKinds];

export interface Field {
  readonly attribute: string;
  readonly kind: ColumnKind;
}

/** The fields of a flow log that was created without a format of its own, in order. */
export const defaultFormat: readonly string[] =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

const named: Readonly<Record<string, string>> = {
  'interface-id': 'network.interface.name',
  action: 'aws.vpc.flow.action',
  'log-status': 'aws.vpc.flow.status',
  'vpc-id': 'aws.vpc.id',
  'subnet-id': 'aws.vpc.subnet.id',
  'instance-id': 'host.id',
  'tcp-flags': 'network.tcp.flags',
  'az-id': 'aws.az.id',
  'sublocation-type': 'aws.sublocation.type',
  'sublocation-id': 'aws.sublocation.id',
  'pkt-src-aws-service': 'aws.vpc.flow.source.service',
  'pkt-dst-aws-service': 'aws.vpc.flow.destination.service',
  'ecs-cluster-arn': 'aws.ecs.cluster.arn',
  'ecs-cluster-name': 'aws.ecs.cluster.name',
  'ecs-container-instance-arn': 'aws.ecs.container.instance.arn',
  'ecs-container-instance-id': 'aws.ecs.container.instance.id',
  'ecs-container-id': 'aws.ecs.container.id',
  'ecs-second-container-id': 'aws.ecs.second.container.id',
  'ecs-service-name': 'aws.ecs.service.name',
  'ecs-task-definition-arn': 'aws.ecs.task.definition.arn',
  'ecs-task-arn': 'aws.ecs.task.arn',
  'ecs-task-id': 'aws.ecs.task.id',
  'tgw-id': 'aws.tgw.id',
  'transit-gateway-id': 'aws.tgw.id',
  'tgw-attachment-id': 'aws.tgw.attachment.id',
  'tgw-pair-attachment-id': 'aws.tgw.attachment.pair.id',
  'tgw-src-vpc-id': 'aws.tgw.source.vpc.id',
  'tgw-dst-vpc-id': 'aws.tgw.destination.vpc.id',
  'tgw-src-subnet-id': 'aws.tgw.source.vpc.subnet.id',
  'tgw-dst-subnet-id': 'aws.tgw.destination.vpc.subnet.id',
  'tgw-src-eni': 'aws.tgw.source.eni.id',
  'tgw-dst-eni': 'aws.tgw.destination.eni.id',
  'tgw-src-az-id': 'aws.tgw.source.az.id',
  'tgw-dst-az-id': 'aws.tgw.destination.az.id',
};

const numbered: Readonly<Record<string, string>> = {
  version: 'aws.vpc.flow.log.version',
  srcport: 'source.port',
  dstport: 'destination.port',
};

/** Known fields that keep their own name below `aws.vpc.flow.`. */
const plain =
  'traffic-path reject-reason resource-id resource-type interface-type tgw-src-vpc-account-id tgw-dst-vpc-account-id ' +
  'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 ' +
  'next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type';

const plainIntegers =
  'packets bytes start encryption-status packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired';

/** The attribute of a field that OpenTelemetry has no name for, AWS's newest ones among them. */
export function fallbackAttribute(fieldName: string): string {
  return `aws.vpc.flow.${fieldName.replaceAll('-', '_')}`;
}

function buildTable(): ReadonlyMap<string, Field> {
  const table = new Map<string, Field>();
  for (const [name, attribute] of Object.entries(named)) table.set(name, { attribute, kind: columnKinds.text });
  for (const [name, attribute] of Object.entries(numbered)) table.set(name, { attribute, kind: columnKinds.integer });
  for (const name of plain.split(' ')) table.set(name, { attribute: fallbackAttribute(name), kind: columnKinds.text });
  for (const name of plainIntegers.split(' ')) {
    table.set(name, { attribute: fallbackAttribute(name), kind: columnKinds.integer });
  }
  table.set('protocol', { attribute: 'network.protocol.name', kind: columnKinds.protocol });
  table.set('flow-direction', { attribute: 'network.io.direction', kind: columnKinds.direction });
  table.set('type', { attribute: 'network.type', kind: columnKinds.lowerCase });
  table.set('end', { attribute: 'aws.vpc.flow.end', kind: columnKinds.integer });
  table.set('account-id', { attribute: 'cloud.account.id', kind: columnKinds.omitted });
  table.set('region', { attribute: 'cloud.region', kind: columnKinds.omitted });
  for (const name of ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr']) {
    table.set(name, { attribute: fallbackAttribute(name), kind: columnKinds.omitted });
  }
  return table;
}

/** Every field that AWS documents for VPC and Transit Gateway flow logs. */
export const knownFields: ReadonlyMap<string, Field> = buildTable();
