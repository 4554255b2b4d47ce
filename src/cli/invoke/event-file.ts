// A hand-written event: read from a file or from stdin, and the objects that it names in whatever envelope.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import type { ObjectPlace } from '../../run/single-event.ts';
import { isBucketName } from '../../stores/embedded/bucket-name.ts';
import { maxKeyBytes } from '../../stores/embedded/call.ts';

/** What Lambda takes in a synchronous invocation (Lambda guide, "Lambda quotas"). */
const eventLimitBytes = 6 * 1024 ** 2;

/** `-` is stdin. Throws where there is no such file, no JSON in it, or more than Lambda takes. */
export function readEvent(file: string, cwd: string): unknown {
  const path = file === '-' ? '/dev/stdin' : resolve(cwd, file);
  let text: string;
  try {
    // Editors of Windows begin a file with a mark of its encoding.
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const message = `--event ${file}: cannot be read: ${(cause as Error).message}. Name a JSON file, or - for stdin.`;
    throw new FlowrigError('file-missing', message, { cause });
  }
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > eventLimitBytes) {
    const message = `--event ${file}: has ${sizeBytes} bytes. Lambda refuses an event of more than ${eventLimitBytes} (RequestEntityTooLargeException).`;
    throw new FlowrigError('bad-usage', message);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = `--event ${file}: is no JSON: ${(cause as Error).message}. An event is one JSON document.`;
    throw new FlowrigError('bad-usage', message, { cause });
  }
}

/**
 * Objects that an event names, once each: as S3 does (`s3.bucket.name`, `s3.object.key`, the key encoded as in a form) or as EventBridge
 * does (`detail`, the key as it is), also in the JSON that a message of SQS or SNS carries as text. Names that S3 cannot have mean none.
 */
export function placesIn(event: unknown): ObjectPlace[] {
  const places = new Map<string, ObjectPlace>();
  const look = (value: unknown, isEncoded: boolean): void => {
    if (typeof value === 'string') {
      const inner = innerJson(value);
      if (inner !== undefined) look(inner, false);
    }
    if (typeof value !== 'object' || value === null) return;
    const place = placeOf(value, isEncoded);
    if (place) places.set(`${place.bucket}/${place.key}`, place);
    for (const [name, content] of Object.entries(value)) look(content, name === 's3');
  };
  look(event, false);
  return [...places.values()];
}

function placeOf(value: object, isEncoded: boolean): ObjectPlace | undefined {
  const { bucket, object } = value as { bucket?: { name?: unknown } | null; object?: { key?: unknown } | null };
  if (typeof bucket?.name !== 'string' || typeof object?.key !== 'string') return undefined;
  const key = isEncoded ? decodeKey(object.key) : object.key;
  const sizeBytes = Buffer.byteLength(key);
  return isBucketName(bucket.name) && sizeBytes > 0 && sizeBytes <= maxKeyBytes
    ? { bucket: bucket.name, key }
    : undefined;
}

/** A key that cannot be decoded is meant as it is. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

function innerJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
