// The message that S3 sends when an object was created, as AWS writes it (S3 guide, "Event message structure").

import type { StoredObject } from '../core/model/trigger.ts';
import { formatInstant } from '../core/units.ts';

/** What the bucket's notification adds to the object. */
export interface S3MessageOptions {
  readonly region: string;
  /** Of this event: see newSequencer. */
  readonly sequencer: string;
}

/** One record a message, as S3 sends it. */
export interface S3Message {
  readonly Records: readonly [S3Record];
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
      readonly size: number;
      readonly eTag: string;
      readonly versionId?: string;
      readonly sequencer: string;
    };
  };
}

export function s3Message(stored: StoredObject, { region, sequencer }: S3MessageOptions): S3Message {
  const record: S3Record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: formatInstant(stored.storedMs),
    eventName: 'ObjectCreated:Put',
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
      object: {
        key: encodeKey(stored.key),
        size: stored.sizeBytes,
        eTag: stored.etag,
        ...(stored.versionId === undefined ? {} : { versionId: stored.versionId }),
        sequencer,
      },
    },
  };
  return { Records: [record] };
}

/**
 * URL encoding as forms have it: a space becomes `+`; letters, digits and `/ _ - . *` stay, all else is escaped byte by byte. So
 * keys of the default layout look as if they were not encoded, Hive-compatible ones (`=`) do not.
 */
export function encodeKey(key: string): string {
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
  let last = 0n;
  return (storedMs) => {
    const now =
      BigInt(Math.floor(storedMs / 1000)) * 0x1_0000_0000n + BigInt(Math.floor((storedMs % 1000) * 4_294_967));
    last = now > last ? now : last + 1n;
    return last.toString(16).toUpperCase().padStart(18, '0');
  };
}
