// The message of S3, against the example that AWS publishes (S3 guide, "Event message structure") and its rules.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { encodeKey, newSequencer, s3Message, type S3Message } from '../../src/triggers/envelopes/s3-message.ts';

const stored = {
  index: 0,
  bucket: 'flow-logs',
  key: 'AWSLogs/aws-account-id=123456789012/year=2026/a b+c.log.gz',
  sizeBytes: 9234,
  etag: '0cdef8885755dff42b6fbd91732ae506',
  storedMs: Date.UTC(2026, 0, 8, 20, 57, 9, 449) + 0.25,
  requestId: 'D4M2F8DTSQVJRX7C',
  hostId: 'Zm9yd2FyZGVy',
};

function messageOf(object: typeof stored & { versionId?: string }, eventName = 'ObjectCreated:Put'): S3Message {
  const happening = { stored: object, eventName, eventVersion: '2.1', sequencer: '0069601A25D0A4E3F1' };
  return s3Message({ type: 'records', records: [happening] }, 'us-east-1') as S3Message;
}

test('the message of an object is what S3 writes, to the letter', () => {
  const message = messageOf(stored);
  expect(JSON.stringify(message)).toBe(
    '{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2026-01-08T20:57:09.449Z",' +
      '"eventName":"ObjectCreated:Put","userIdentity":{"principalId":"AWS:AROAEXAMPLEEXAMPLE:regionalDeliverySession"},' +
      '"requestParameters":{"sourceIPAddress":"127.0.0.1"},' +
      '"responseElements":{"x-amz-request-id":"D4M2F8DTSQVJRX7C","x-amz-id-2":"Zm9yd2FyZGVy"},' +
      '"s3":{"s3SchemaVersion":"1.0","configurationId":"FlowLogs",' +
      '"bucket":{"name":"flow-logs","ownerIdentity":{"principalId":"A2ZXD4XGWPNOQ9"},"arn":"arn:aws:s3:::flow-logs"},' +
      '"object":{"key":"AWSLogs/aws-account-id%3D123456789012/year%3D2026/a+b%2Bc.log.gz","size":9234,' +
      '"eTag":"0cdef8885755dff42b6fbd91732ae506","sequencer":"0069601A25D0A4E3F1"}}}]}',
  );
});

test('the version of an object is told where the bucket has versions', () => {
  const message = messageOf({ ...stored, versionId: 'v1' });
  expect(message.Records[0]!.s3.object.versionId).toBe('v1');
});

test('keys of the default layout stay as they are', () => {
  const key =
    'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01/123456789012_vpcflowlogs_us-east-1_fl-1_20260101T0005Z_ab.log.gz';
  expect(encodeKey(key)).toBe(key);
  expect(encodeKey("~(a)!'*@=ü")).toBe('%7E%28a%29%21%27*%40%3D%C3%BC');
});

test('a key decoded as a form field is the key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      const encoded = encodeKey(key);
      expect(encoded).toMatch(/^[\w./*+%-]*$/);
      expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(key);
    }),
    { seed: 4 },
  );
});

test('a sequencer is the seconds of its time and more, and rises even where time stands still', () => {
  const next = newSequencer();
  const times = [stored.storedMs, stored.storedMs, stored.storedMs - 5, stored.storedMs + 1, stored.storedMs + 60_000];
  const sequencers = times.map(next);
  expect(sequencers[0]).toMatch(/^0069601A25[0-9A-F]{8}$/);
  expect(sequencers.every((sequencer) => sequencer.length === 18)).toBe(true);
  expect(sequencers.toSorted()).toEqual(sequencers);
  expect(new Set(sequencers).size).toBe(5);
});
