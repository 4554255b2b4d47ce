// A bucket of AWS's S3, or of any other by --endpoint. Uploads overlap with encoding; AWS's client retries what may be retried, and
// what fails for good is named.

import { FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Output, OutputOptions } from './output.ts';

const uploadsAtOnce = 4;
const attempts = 5;
/** Where nobody answers nobody shall wait long; a slow answer is an answer. */
const limits = { connectionTimeout: 5000, socketTimeout: 60_000 };

export async function openBucket(host: Host, out: string, { endpoint }: OutputOptions): Promise<Output> {
  const { bucket, prefix } = placeOf(out);
  requireEndpoint(endpoint);
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({
    region: host.env['AWS_REGION'] ?? host.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
    requestHandler: limits,
    maxAttempts: attempts,
    ...credentialsOf(host, endpoint),
    // Stores that stand in for S3 are reached by one name; their buckets have no names of their own in DNS.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  const uploads = new Set<Promise<void>>();
  const failures: FlowrigError[] = [];
  const upload = async (key: string, bytes: Uint8Array): Promise<void> => {
    try {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
    } catch (cause) {
      failures.push(notUploaded(bucket, key, cause as Error));
    }
  };
  const settle = (): void => {
    if (failures[0]) throw failures[0];
  };
  return {
    where: `below s3://${bucket}/${prefix}`,
    async put(key, bytes) {
      while (uploads.size >= uploadsAtOnce) await Promise.race(uploads);
      settle();
      const running: Promise<void> = upload(prefix + key, bytes).finally(() => uploads.delete(running));
      uploads.add(running);
    },
    async finish() {
      await Promise.all(uploads);
      settle();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(uploads);
      s3.destroy();
    },
  };
}

/** `s3://bucket/prefix`: the prefix gets the slash that it may lack. */
function placeOf(out: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(out);
  if (!match) {
    throw new FlowrigError('bad-usage', `--out ${out}: name a folder, - for standard output, or s3://BUCKET/PREFIX.`);
  }
  const prefix = (match[2] ?? '').replace(/\/*$/, '/');
  return { bucket: match[1]!, prefix: prefix === '/' ? '' : prefix };
}

function requireEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined || /^https?:\/\/[^/]+\/?$/.test(endpoint)) return;
  throw new FlowrigError('bad-usage', `--endpoint ${endpoint} is no URL of an S3, such as http://127.0.0.1:9000.`);
}

/** AWS's own chain finds credentials; a store at an address of its own may ask for none, but the client insists on some. */
function credentialsOf(
  { env }: Host,
  endpoint: string | undefined,
): { credentials?: Record<'accessKeyId' | 'secretAccessKey', string> & { sessionToken?: string } } {
  const [accessKeyId, secretAccessKey, sessionToken] = [
    env['AWS_ACCESS_KEY_ID'],
    env['AWS_SECRET_ACCESS_KEY'],
    env['AWS_SESSION_TOKEN'],
  ];
  if (accessKeyId && secretAccessKey) {
    return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
  }
  if (endpoint === undefined || env['AWS_PROFILE']) return {};
  return { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

function notUploaded(bucket: string, key: string, cause: Error & { code?: string }): FlowrigError {
  const reason = [cause.code ?? cause.name, cause.message].filter((word) => word !== '' && word !== 'Error').join(': ');
  const message = `Cannot upload s3://${bucket}/${key}, in up to ${attempts} attempts: ${reason}. What was uploaded before stays.`;
  return new FlowrigError('cannot-write', message, { cause });
}
