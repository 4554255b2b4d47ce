import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { flowLine, header, openRig, type Attributes, type ExportRequest } from './fixtures.ts';

const key = 'a.log.gz';

/** Forwards one file of these lines and returns what the sink decoded. */
async function forwardText(lines: readonly string[], env: Record<string, string> = {}): Promise<ExportRequest> {
  await using rig = await openRig(env);
  rig.put(key, gzipSync(lines.join('\n')));
  await rig.forward(key);
  return rig.sink.accepted.flat();
}

/** Attributes of the only record, without the offset that each has. */
async function attributesOf(format: string, line: string, env: Record<string, string> = {}): Promise<Attributes> {
  const [group] = await forwardText([format, line], env);
  const { 'log.record.offset': offset, ...attributes } = group!.records[0]!.attributes;
  expect(offset).toBe(BigInt(format.length + 1));
  expect(group!.records).toHaveLength(1);
  return attributes;
}

test('the header gives the order of the fields, and every field of AWS its name', async () => {
  const format =
    'log-status vpc-id subnet-id instance-id tcp-flags type region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path ecs-cluster-name reject-reason encryption-status resource-id tgw-id tgw-src-vpc-id packets-lost-blackhole end start version';
  const line =
    'OK vpc-1 subnet-1 i-1 19 IPv6 eu-west-1 euw1-az1 outpost sl-1 S3 EC2 egress 8 shop BPA 3 nat-1 tgw-1 vpc-2 5 1760000060 1760000000 7';
  const [group] = await forwardText([format, line]);
  expect(group!.resource).toMatchObject({ 'cloud.region': 'eu-west-1' });
  expect(group!.records[0]).toMatchObject({
    timeUnixNano: 1_760_000_060_000_000_000n,
    attributes: {
      'aws.vpc.flow.status': 'OK',
      'aws.vpc.id': 'vpc-1',
      'aws.vpc.subnet.id': 'subnet-1',
      'host.id': 'i-1',
      'network.tcp.flags': '19',
      'network.type': 'ipv6',
      'aws.az.id': 'euw1-az1',
      'aws.sublocation.type': 'outpost',
      'aws.sublocation.id': 'sl-1',
      'aws.vpc.flow.source.service': 'S3',
      'aws.vpc.flow.destination.service': 'EC2',
      'network.io.direction': 'transmit',
      'aws.vpc.flow.traffic_path': '8',
      'aws.ecs.cluster.name': 'shop',
      'aws.vpc.flow.reject_reason': 'BPA',
      'aws.vpc.flow.encryption_status': 3n,
      'aws.vpc.flow.resource_id': 'nat-1',
      'aws.tgw.id': 'tgw-1',
      'aws.tgw.source.vpc.id': 'vpc-2',
      'aws.vpc.flow.packets_lost_blackhole': 5n,
      'aws.vpc.flow.start': 1_760_000_000n,
      'aws.vpc.flow.log.version': 7n,
    },
  });
});

test('a field that is not known yet keeps its name below aws.vpc.flow', async () => {
  expect(await attributesOf('srcport future-field log-status', '22 quick OK')).toEqual({
    'source.port': 22n,
    'aws.vpc.flow.future_field': 'quick',
    'aws.vpc.flow.status': 'OK',
  });
});

test('a field that the format names twice is sent twice', async () => {
  expect(await attributesOf('srcport srcport srcport', '1 2 3')).toEqual({
    'source.port': 1n,
    'aws.vpc.flow.srcport': '2',
    'aws.vpc.flow.srcport_2': '3',
  });
});

test.each(['NODATA', 'SKIPDATA'])('a %s record is forwarded without the fields that have no value', async (status) => {
  const line = `2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - ${status}`;
  const [group] = await forwardText([header, line]);
  expect(group!.resource['cloud.account.id']).toBe('123456789010');
  expect(group!.records).toEqual([
    {
      timeUnixNano: 1_431_280_934_000_000_000n,
      observedUnixNano: 1_767_225_605_000_000_000n,
      body: line,
      attributes: {
        'aws.vpc.flow.log.version': 2n,
        'network.interface.name': 'eni-1235b8ca123456789',
        'aws.vpc.flow.start': 1_431_280_876n,
        'aws.vpc.flow.status': status,
        'log.record.offset': BigInt(header.length + 1),
      },
    },
  ]);
});

test.each<[string, string | bigint]>([
  ['0', 0n],
  ['2147483648', 2_147_483_648n],
  ['9007199254740993', 9_007_199_254_740_993n],
  ['9223372036854775807', 9_223_372_036_854_775_807n],
  ['9223372036854775808', '9223372036854775808'],
  ['007', '007'],
  ['-1', '-1'],
  ['1e3', '1e3'],
  ['abc', 'abc'],
])('bytes of %s arrive exactly', async (text, value) => {
  expect(await attributesOf('bytes log-status', `${text} OK`)).toEqual({
    'aws.vpc.flow.bytes': value,
    'aws.vpc.flow.status': 'OK',
  });
});

test.each([
  ['1', 'icmp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
  ['132', 'sctp'],
  ['146', 'nsh'],
  ['61', '61'],
  ['255', '255'],
  ['x', 'x'],
])('protocol %s is sent as %s', async (number, keyword) => {
  expect(await attributesOf('protocol', number)).toEqual({ 'network.protocol.name': keyword });
});

test.each([
  ['ingress', 'receive'],
  ['egress', 'transmit'],
  ['sideways', 'sideways'],
])('flow-direction %s is sent as %s', async (value, sent) => {
  expect(await attributesOf('flow-direction', value)).toEqual({ 'network.io.direction': sent });
});

test.each([
  ['1760000060', 1_760_000_060_000_000_000n],
  ['1760000060123', 1_760_000_060_123_000_000n],
  ['1760000060123456', 1_760_000_060_123_456_000n],
  ['1760000060123456789', 1_760_000_060_123_456_789n],
  ['1', 1_000_000_000n],
])('an end of %s is the same moment in nanoseconds', async (end, nanoseconds) => {
  const [group] = await forwardText(['end srcport', `${end} 1`]);
  expect(group!.records[0]!.timeUnixNano).toBe(nanoseconds);
  expect(group!.records[0]!.attributes).not.toHaveProperty('aws.vpc.flow.end');
});

test.each<[string, string | bigint]>([
  ['0', 0n],
  ['yesterday', 'yesterday'],
])('an end of %s, which is no time, stays an attribute', async (end, value) => {
  const [group] = await forwardText(['end srcport', `${end} 1`]);
  expect(group!.records[0]!.timeUnixNano).toBe(0n);
  expect(group!.records[0]!.attributes['aws.vpc.flow.end']).toBe(value);
});

test('TIMESTAMP=start gives the record its start and keeps the end as an attribute', async () => {
  const [group] = await forwardText(['start end', '1760000000 1760000060'], { TIMESTAMP: 'start' });
  expect(group!.records[0]!.timeUnixNano).toBe(1_760_000_000_000_000_000n);
  expect(group!.records[0]!.attributes).toMatchObject({
    'aws.vpc.flow.start': 1_760_000_000n,
    'aws.vpc.flow.end': 1_760_000_060n,
  });
});

test('a format without an end takes the start as time', async () => {
  const [group] = await forwardText(['start srcport', '1760000000 1']);
  expect(group!.records[0]!.timeUnixNano).toBe(1_760_000_000_000_000_000n);
  expect(group!.records[0]!.attributes).toMatchObject({ 'aws.vpc.flow.start': 1_760_000_000n });
});

test.each([
  [
    'no middle layer',
    '10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2',
    { 'source.address': '10.0.0.1', 'destination.address': '10.0.0.2' },
  ],
  [
    'a translated source',
    '10.0.0.9 10.0.0.2 10.0.0.1 10.0.0.2',
    { 'source.address': '10.0.0.1', 'network.local.address': '10.0.0.9', 'destination.address': '10.0.0.2' },
  ],
  [
    'a translated destination',
    '10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.2',
    { 'source.address': '10.0.0.1', 'destination.address': '10.0.0.2', 'network.local.address': '10.0.0.9' },
  ],
  [
    'both translated',
    '10.0.0.8 10.0.0.9 10.0.0.1 10.0.0.2',
    {
      'source.address': '10.0.0.1',
      'network.local.address': '10.0.0.8',
      'destination.address': '10.0.0.2',
      'aws.vpc.flow.dstaddr': '10.0.0.9',
    },
  ],
  [
    'no packet addresses',
    '10.0.0.1 2001:db8::1 - -',
    { 'source.address': '10.0.0.1', 'destination.address': '2001:db8::1' },
  ],
  [
    'packet addresses alone',
    '- - 10.0.0.1 ::ffff:10.0.0.2',
    { 'source.address': '10.0.0.1', 'destination.address': '::ffff:10.0.0.2' },
  ],
])('addresses with %s', async (_what, line, expected) => {
  expect(await attributesOf('srcaddr dstaddr pkt-srcaddr pkt-dstaddr', line)).toEqual(expected);
});

test('a format with packet addresses only keeps them', async () => {
  expect(await attributesOf('pkt-srcaddr pkt-dstaddr', '10.0.0.1 10.0.0.2')).toEqual({
    'source.address': '10.0.0.1',
    'destination.address': '10.0.0.2',
  });
});

test('accounts are texts, and each stretch of one account has a resource of its own', async () => {
  const accounts = ['000012345678', '000012345678', 'unknown', '-', '000012345678'];
  const groups = await forwardText(['account-id srcport', ...accounts.map((account, i) => `${account} ${i}`)]);
  expect(groups.map((group) => [group.resource['cloud.account.id'], group.records.length])).toEqual([
    ['000012345678', 2],
    ['unknown', 1],
    [undefined, 1],
    ['000012345678', 1],
  ]);
});

test.each([
  ['AWSLogs/1/vpcflowlogs/eu-west-1/2026/01/01/x.log.gz', 'eu-west-1'],
  ['p/AWSLogs/aws-account-id=1/aws-service=vpcflowlogs/aws-region=us-gov-west-1/year=2026/x.log.gz', 'us-gov-west-1'],
  ['anything.log.gz', 'us-east-1'],
])('without a region field, %s is of region %s', async (name, region) => {
  await using rig = await openRig();
  rig.putLog(name, [flowLine(0)]);
  await rig.forward(name);
  expect(rig.sink.accepted[0]![0]!.resource['cloud.region']).toBe(region);
});

test('a region field without a value is not replaced by a guess', async () => {
  const [group] = await forwardText(['region srcport', '- 1']);
  expect(group!.resource).not.toHaveProperty('cloud.region');
});

test('BODY=none leaves the line out, but not of a line that does not fit its header', async () => {
  const [group, malformed] = await forwardText(['account-id srcport dstport', '1 2 3', '4 5'], { BODY: 'none' });
  expect(group!.records[0]!.body).toBeUndefined();
  expect(malformed!.records[0]!.body).toBe('4 5');
});

test.each(['1 22', '1 22 OK more', '1\t22\tOK'])('a line of "%s" is sent as it stands, never shifted', async (line) => {
  await using rig = await openRig();
  rig.put(key, gzipSync(['version srcport log-status', '2 80 OK', line, '2 443 OK'].join('\n')));
  await rig.forward(key);
  const records = rig.sink.records();
  expect(records.map((record) => record.body)).toEqual(['2 80 OK', line, '2 443 OK']);
  expect(Object.keys(records[1]!.attributes)).toEqual(['log.record.offset']);
  expect(records[1]!.timeUnixNano).toBe(0n);
  expect(JSON.parse(rig.log[0]!)).toMatchObject({ LinesMalformed: 1, RecordsDelivered: 3, LinesUndelivered: 0 });
});

test("the doubled space of AWS's own example shifts nothing", async () => {
  expect(await attributesOf('srcport dstport log-status', '1  2 OK')).toMatchObject({ 'destination.port': 2n });
});

test('only a line feed ends a line', async () => {
  const line = `${flowLine(0).slice(0, -2)}a\u2028b\u0085c\u000bd"'`;
  const [group] = await forwardText([header, line]);
  expect(group!.records).toHaveLength(1);
  expect(group!.records[0]!.attributes['aws.vpc.flow.status']).toBe(`a\u2028b\u0085c\u000bd"'`);
});

test('a byte that is no UTF-8 becomes U+FFFD in its value alone', async () => {
  await using rig = await openRig();
  const line = Buffer.from(`${flowLine(0)}`, 'latin1');
  line[line.indexOf('eni-') + 4] = 0xff;
  rig.put(key, Buffer.concat([Buffer.from(`${header}\n`), line, Buffer.from(`\n${flowLine(1)}\n`)]));
  await rig.forward(key);
  expect(rig.sink.records()[0]!.attributes).toMatchObject({
    'network.interface.name': 'eni-\ufffd235b8ca123456789',
    'source.port': 1024n,
    'aws.vpc.flow.status': 'OK',
  });
  expect(rig.sink.bodies()[1]).toBe(flowLine(1));
});

test('a file without a header is read by DEFAULT_FORMAT', async () => {
  const [group] = await forwardText(['5 eni-1 OK'], { DEFAULT_FORMAT: 'version interface-id log-status' });
  expect(group!.records[0]!.attributes).toMatchObject({ 'network.interface.name': 'eni-1' });
});

test('two files of different formats in one event keep their own', async () => {
  await using rig = await openRig();
  rig.put('1.gz', gzipSync('srcport dstport\n1 2'));
  rig.put('2.gz', gzipSync('dstport srcport\n1 2'));
  await rig.forward('1.gz', '2.gz');
  expect(rig.sink.records().map((record) => record.attributes['source.port'])).toEqual([1n, 2n]);
});
