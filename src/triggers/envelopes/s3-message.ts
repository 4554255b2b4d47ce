// The messages that S3 sends about a bucket, as AWS writes them (S3 guide, "Event message structure").

import { formatInstant } from '../../core/units.ts';
import type { Content, Happening } from '../notification.ts';

export interface S3Message {
  readonly Records: readonly S3Record[];
}

export interface S3Record {
  readonly eventVersion: string;
  readonly eventSource: 'aws:s3';
  readonly awsRegion: string;
  readonly eventTime: string;
  readonly eventName: string;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly responseElements: { readonly 'x-amz-request-id': string; readonly 'x-amz-id-2': string };
  readonly s3: {
    readonly s3SchemaVersion: '1.0';
    readonly configurationId: string;
    readonly bucket: {
      readonly name: string;
      readonly ownerIdentity: { readonly principalId: string };
      readonly arn: string;
    };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string;
      readonly sequencer?: string;
    };
  };
  readonly glacierEventData?: object;
}

/** Sent when a notification is configured (same page). It has no Records. */
export interface S3TestMessage {
  readonly Service: 'Amazon S3';
  readonly Event: 's3:TestEvent';
  readonly Time: string;
  readonly Bucket: string;
  readonly RequestId: string;
  readonly HostId: string;
}

/** What S3 itself has to say; `subscription-confirmation` is none of its business. */
export function s3Message(
  content: Exclude<Content, { type: 'subscription-confirmation' }>,
  region: string,
): S3Message | S3TestMessage {
  switch (content.type) {
    case 'records':
      return { Records: content.records.map((happening) => s3Record(happening, region)) };
    case 'console-test':
      return consoleTest;
    case 'test': {
      const { storedMs, bucket, requestId, hostId } = content.stored;
      return {
        Service: 'Amazon S3',
        Event: 's3:TestEvent',
        Time: formatInstant(storedMs),
        Bucket: bucket,
        RequestId: requestId,
        HostId: hostId,
      };
    }
  }
}

function s3Record({ stored, eventName, eventVersion, sequencer }: Happening, region: string): S3Record {
  const eventTime = formatInstant(stored.storedMs);
  return {
    eventVersion,
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime,
    eventName,
    userIdentity: { principalId: 'AWS:AROAEXAMPLEEXAMPLE:regionalDeliverySession' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': stored.requestId, 'x-amz-id-2': stored.hostId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'FlowLogs',
      bucket: {
        name: stored.bucket,
        ownerIdentity: { principalId: 'A2ZXD4XGWPNOQ9' },
        arn: `arn:aws:s3:::${stored.bucket}`,
      },
      object: { key: encodeKey(stored.key), ...objectDetails(stored, eventName), ...sequencerOf(sequencer, eventName) },
    },
    ...(eventName === 'ObjectRestore:Completed' ? { glacierEventData: restoredUntil(stored.storedMs) } : {}),
  };
}

/** Of what was removed neither size nor ETag is known (S3 guide, "Event message structure"; LocalStack 4.14 answers alike). */
function objectDetails(
  stored: Happening['stored'],
  eventName: string,
): { size?: number; eTag?: string; versionId?: string } {
  const version = stored.versionId === undefined ? {} : { versionId: stored.versionId };
  if (/^(ObjectRemoved|LifecycleExpiration):/.test(eventName)) return version;
  if (/^Object(Tagging|Acl)/.test(eventName)) return { eTag: stored.etag, ...version };
  return { size: stored.sizeBytes, eTag: stored.etag, ...version };
}

/** Only events of PUTs and DELETEs have one (same page). */
function sequencerOf(sequencer: string, eventName: string): { sequencer?: string } {
  return /^Object(Created|Removed):/.test(eventName) ? { sequencer } : {};
}

/** A restored copy stays for a day here. */
function restoredUntil(storedMs: number): object {
  return {
    restoreEventData: {
      lifecycleRestorationExpiryTime: formatInstant(storedMs + 86_400_000),
      lifecycleRestoreStorageClass: 'GLACIER',
    },
  };
}

/** What the console's template "S3 Put" sends: an object that nobody has (Lambda console, "Create test event"). */
const consoleTest: S3Message = {
  Records: [
    {
      eventVersion: '2.0',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '1970-01-01T00:00:00.000Z',
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'EXAMPLE' },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: {
        'x-amz-request-id': 'EXAMPLE123456789',
        'x-amz-id-2': 'EXAMPLE123/5678abcdefghijklambdaisawesome/mnopqrstuvwxyzABCDEFGH',
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'testConfigRule',
        bucket: {
          name: 'example-bucket',
          ownerIdentity: { principalId: 'EXAMPLE' },
          arn: 'arn:aws:s3:::example-bucket',
        },
        object: {
          key: 'test%2Fkey',
          size: 1024,
          eTag: '0123456789abcdef0123456789abcdef',
          sequencer: '0A1B2C3D4E5F678901',
        },
      },
    },
  ],
};

/** Keys of these characters are their own encoding, which spares nearly every key two passes. */
const plainKey = /^[\w./*-]*$/;

/**
 * URL encoding as forms have it: a space becomes `+`; letters, digits and `/ _ - . *` stay, all else is escaped byte by byte. So
 * keys of the default layout look as if they were not encoded, Hive-compatible ones (`=`) do not.
 */
export function encodeKey(key: string): string {
  if (plainKey.test(key)) return key;
  return encodeURIComponent(key)
    .replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}

/**
 * Sequencers rise: of two events of one key the later has the greater one. As AWS's look, they are `00`, the seconds of the event's
 * time and eight more digits, all hexadecimal.
 */
export function newSequencer(): (storedMs: number) => string {
  let [lastS, lastPart] = [0, 0];
  /** Of the second told last: most events share it. */
  let told = { seconds: -1, digits: '' };
  return (storedMs) => {
    const seconds = Math.floor(storedMs / 1000);
    const part = Math.floor((storedMs % 1000) * 4_294_967);
    if (seconds > lastS || (seconds === lastS && part > lastPart)) [lastS, lastPart] = [seconds, part];
    else if (lastPart < 0xffff_ffff) lastPart++;
    else [lastS, lastPart] = [lastS + 1, 0];
    if (told.seconds !== lastS) told = { seconds: lastS, digits: upperHex(lastS, 10) };
    return told.digits + upperHex(lastPart, 8);
  };
}

function upperHex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
