// Under which names a field of the flow log may arrive: AWS's own, the same in snake_case, and OpenTelemetry's. A longer
// known name always wins, so that `pkt-srcaddr` is never taken for a prefixed `srcaddr`.
//
// AWS's names: VPC User Guide, "Flow log records"; Transit Gateway Flow Logs, "Transit Gateway Flow Log records".
// OpenTelemetry's: open-telemetry/opentelemetry-collector-contrib,
// extension/encoding/awslogsencodingextension/internal/unmarshaler/vpc-flow-log.

/** How values of a field may differ in writing and still be intact. */
export type FieldValues = 'plain' | 'time' | 'protocol' | 'direction' | 'type' | 'any-case';

interface FieldNames {
  readonly name: string;
  readonly values: FieldValues;
  readonly openTelemetry: readonly string[];
}

const plainFields: Readonly<Record<string, string>> = {
  version: 'aws.vpc.flow.log.version',
  'account-id': 'cloud.account.id',
  'interface-id': 'network.interface.name',
  srcaddr: 'source.address',
  dstaddr: 'destination.address',
  srcport: 'source.port',
  dstport: 'destination.port',
  packets: 'aws.vpc.flow.packets',
  bytes: 'aws.vpc.flow.bytes',
  action: 'aws.vpc.flow.action',
  'log-status': 'aws.vpc.flow.status',
  'vpc-id': 'aws.vpc.id',
  'subnet-id': 'aws.vpc.subnet.id',
  'instance-id': 'host.id',
  'tcp-flags': 'network.tcp.flags',
  'pkt-srcaddr': 'source.address',
  'pkt-dstaddr': 'destination.address',
  region: 'cloud.region',
  'az-id': 'aws.az.id',
  'sublocation-type': 'aws.sublocation.type',
  'sublocation-id': 'aws.sublocation.id',
  'pkt-src-aws-service': 'aws.vpc.flow.source.service',
  'pkt-dst-aws-service': 'aws.vpc.flow.destination.service',
  'traffic-path': 'aws.vpc.flow.traffic_path',
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
  'reject-reason': 'aws.vpc.flow.reject_reason',
  'packets-lost-no-route': 'aws.vpc.flow.packets_lost_no_route',
  'packets-lost-blackhole': 'aws.vpc.flow.packets_lost_blackhole',
  'packets-lost-mtu-exceeded': 'aws.vpc.flow.packets_lost_mtu_exceeded',
  'packets-lost-ttl-expired': 'aws.vpc.flow.packets_lost_ttl_expired',
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

/** Fields for which that code has no name of its own: forwarders use a prefix and AWS's word in snake_case. */
const unnamedFields = (
  'tgw-src-vpc-account-id tgw-dst-vpc-account-id resource-type resource-id encryption-status instance-tag instance-tag-2 ' +
  'interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id ' +
  'next-hop-vpc-id next-hop-interface-type'
).split(' ');

/** Every field that AWS knows. */
export const knownFields: readonly FieldNames[] = [
  ...Object.entries(plainFields).map(([name, other]) => ({ name, values: 'plain' as const, openTelemetry: [other] })),
  ...unnamedFields.map((name) => ({ name, values: 'plain' as const, openTelemetry: [] })),
  { name: 'protocol', values: 'protocol', openTelemetry: ['network.protocol.name'] },
  { name: 'start', values: 'time', openTelemetry: ['aws.vpc.flow.start'] },
  { name: 'end', values: 'time', openTelemetry: ['aws.vpc.flow.end'] },
  { name: 'type', values: 'type', openTelemetry: ['network.type'] },
  { name: 'flow-direction', values: 'direction', openTelemetry: ['network.io.direction'] },
];

/** A field's name with underscores: `src_addr` is not a name, `log_status` is. */
export function snakeCase(name: string): string {
  return name.replaceAll('-', '_');
}

/** What a field's values may look like; a field unknown to AWS is plain. */
export function valuesOf(field: string): FieldValues {
  return knownFields.find((known) => known.name === field)?.values ?? 'plain';
}
