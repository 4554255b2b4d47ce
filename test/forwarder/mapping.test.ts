import { expect, test } from 'vitest';
import { flowLine, flowLines, header, openRig } from './fixtures.ts';

const key = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/01/01/a.log.gz';

test('a default-format record is sent under the names of the OpenTelemetry Collector, its body the raw line', async () => {
  await using rig = await openRig();
  rig.putLog(key, [flowLine(0)]);
  expect(await rig.forward(key)).toEqual({ objects: 1, records: 1 });
  expect(rig.sink.accepted).toEqual([
    [
      {
        resource: {
          'cloud.provider': 'aws',
          'service.name': 'aws-vpc-flow-logs',
          'cloud.account.id': '123456789012',
          'cloud.region': 'eu-west-1',
        },
        scope: {
          name: 'flowrig-forwarder',
          version: '1.2.3',
          attributes: {
            'encoding.format': 'aws.vpcflow',
            'aws.s3.bucket': 'logs',
            'aws.s3.key': key,
            'aws.s3.object.etag': 'etag-1',
          },
        },
        records: [
          {
            timeUnixNano: 1_760_000_060_000_000_000n,
            observedUnixNano: 1_767_225_605_000_000_000n,
            body: flowLine(0),
            attributes: {
              'aws.vpc.flow.log.version': 2n,
              'network.interface.name': 'eni-1235b8ca123456789',
              'source.address': '10.0.0.0',
              'destination.address': '172.31.16.21',
              'source.port': 1024n,
              'destination.port': 443n,
              'network.protocol.name': 'tcp',
              'aws.vpc.flow.packets': 1n,
              'aws.vpc.flow.bytes': 40n,
              'aws.vpc.flow.start': 1_760_000_000n,
              'aws.vpc.flow.action': 'ACCEPT',
              'aws.vpc.flow.status': 'OK',
              'log.record.offset': BigInt(header.length + 1),
            },
          },
        ],
      },
    ],
  ]);
  expect(rig.sink.requests[0]!.path).toBe('/v1/logs');
  expect(rig.sink.requests[0]!.headers).toMatchObject({ 'signoz-ingestion-key': 'key-1', 'content-encoding': 'gzip' });
});

test('records arrive once each, in order, in batches of at most BATCH_MAX_RECORDS', async () => {
  await using rig = await openRig({ BATCH_MAX_RECORDS: '1000', INFLIGHT: '1' });
  rig.putLog(key, flowLines(10_500));
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(flowLines(10_500));
  expect(rig.sink.accepted.map((request) => request[0]!.records.length)).toEqual([...Array(10).fill(1000), 500]);
});
