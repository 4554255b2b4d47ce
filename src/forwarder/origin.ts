// What all records of one object say about where they come from. The object's name stands in the scope, not in the resource:
// SigNoz keeps a row for each distinct resource and half hour (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter), so
// a key there would grow that table by every object.

import type { Origin } from './batch.ts';
import type { Config } from './config.ts';
import type { ObjectReference } from './event.ts';
import type { Surroundings } from './surroundings.ts';
import { lengthDelimited, textAttribute } from './wire.ts';

export function describeOrigin(
  object: ObjectReference,
  about: { config: Config; surroundings: Surroundings; version: string },
): Origin {
  const attributes = [
    textAttribute(3, 'encoding.format', 'aws.vpcflow'),
    textAttribute(3, 'aws.s3.bucket', object.bucket),
    textAttribute(3, 'aws.s3.key', object.key),
  ];
  if (object.versionId !== undefined) attributes.push(textAttribute(3, 'aws.s3.object.version', object.versionId));
  else if (object.etag !== undefined) attributes.push(textAttribute(3, 'aws.s3.object.etag', object.etag));
  const name = lengthDelimited(1, Buffer.from('flowrig-forwarder'));
  const version = lengthDelimited(2, Buffer.from(about.version));
  return {
    scope: lengthDelimited(1, name, version, ...attributes),
    region: regionOfKey(object.key) ?? object.region,
    context: {
      withBody: about.config.body === 'raw',
      observedTime: observedTime(object.eventTime, about.surroundings),
    },
  };
}

/**
 * The flow log's region as AWS writes it into keys, plain or Hive-compatible (Amazon VPC User Guide, "Flow log files"). The event's
 * own region is the bucket's.
 */
function regionOfKey(key: string): string | undefined {
  return /(?:^|\/)AWSLogs\/(?:[^/]+\/vpcflowlogs\/|.*?\/aws-region=)([a-z]{2}(?:-[a-z]+)+-\d)\//.exec(key)?.[1];
}

/** `observed_time_unix_nano` (11, fixed64). */
function observedTime(eventTime: string | undefined, surroundings: Surroundings): Buffer {
  const unixMs = eventTime === undefined ? NaN : surroundings.parseTimeMs(eventTime);
  if (!(unixMs > 0)) return Buffer.alloc(0);
  const field = Buffer.alloc(9);
  field[0] = 0x59;
  field.writeBigUInt64LE(BigInt(Math.round(unixMs)) * 1_000_000n, 1);
  return field;
}
