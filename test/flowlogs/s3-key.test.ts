import fc from 'fast-check';
import { expect, test } from 'vitest';

import { defaultLayout, keyFolder, objectKey, parseFileName, slotMs } from '../../src/flowlogs/s3-key.ts';
import { minuteSlot } from '../../src/flowlogs/slots.ts';
import { openCorpus } from './read-lines.ts';

const parts = { accountId: '123456789012', region: 'eu-west-1', flowLogId: 'fl-0dcbf7c4c2483c6b6', hash: '55a7d2af' };

test('a key is laid out as AWS documents it', () => {
  expect(objectKey(parts, Date.UTC(2022, 1, 21, 20, 25))).toBe(
    'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2022/02/21/123456789012_vpcflowlogs_eu-west-1_fl-0dcbf7c4c2483c6b6_20220221T2025Z_55a7d2af.log.gz',
  );
});

test.each([
  [{ hourly: true }, 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2022/02/21/20/'],
  [
    { hive: true },
    'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2022/month=02/day=21/',
  ],
  [
    { hive: true, hourly: true, prefix: 'net/logs/' },
    'net/logs/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2022/month=02/day=21/hour=20/',
  ],
])('Hive-compatible and hourly keys stand where AWS documents them (%j)', (layout, folder) => {
  const key = objectKey(parts, Date.UTC(2022, 1, 21, 20, 25), { ...defaultLayout, ...layout });
  expect(key).toBe(`${folder}123456789012_vpcflowlogs_eu-west-1_fl-0dcbf7c4c2483c6b6_20220221T2025Z_55a7d2af.log.gz`);
});

test('calendar and names: what a key says is what was put into it, on any day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2400, 0, 1) / slotMs }), (slot) => {
      const atMs = slot * slotMs;
      const [year, month, day] = new Date(atMs).toISOString().slice(0, 10).split('-');
      expect(keyFolder(parts, atMs)).toBe(`AWSLogs/123456789012/vpcflowlogs/eu-west-1/${year}/${month}/${day}/`);
      const name = objectKey(parts, atMs).split('/').at(-1)!;
      expect(parseFileName(name)).toEqual({ accountId: '123456789012', region: 'eu-west-1', slotStartMs: atMs });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('a name that is not of the form of AWS says nothing', () => {
  const names = [
    'flows.log',
    '123456789012_vpcflowlogs_eu-west-1_fl-0dcbf7c4c2483c6b6_20221321T2025Z_55a7d2af.log.gz',
    '123456789012_vpcflowlogs_eu-west-1_fl-0dcbf7c4c2483c6b6_20220221T2525Z_55a7d2af.log.gz',
    '123456789012_CloudTrail_eu-west-1_20220221T2025Z_55a7d2af.json.gz',
    'x123456789012_vpcflowlogs_eu-west-1_fl-0dcbf7c4c2483c6b6_20220221T2025Z_55a7d2af.log.gz',
  ];
  expect(names.map(parseFileName)).toEqual(names.map(() => undefined));
});

test('slots: five files in five minutes, a file a minute, each in the slot in which its windows end', () => {
  const slots = Array.from({ length: 10 }, (_, i) => minuteSlot(Date.UTC(2026, 0, 1), i));
  const minutes = slots.map(({ startMs }) => new Date(startMs).toISOString().slice(11, 16));
  expect(minutes.join(' ')).toBe('00:00 00:00 00:00 00:00 00:05 00:05 00:05 00:05 00:05 00:10');
  expect(slots.map(({ minuteCount }) => minuteCount).join(' ')).toBe('4 4 4 4 5 5 5 5 5 5');
});

test('keys of a corpus are distinct', () => {
  const { objects } = openCorpus({ records: 5000, maxRecords: 1 });
  expect(new Set(objects.map(({ key }) => key)).size).toBe(5000);
});
