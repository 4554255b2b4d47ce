// An S3 that somebody else runs, reached through AWS's own client: what the kinds `endpoint` and `localstack` share. It fills a
// bucket and empties it again; who started the S3, and what else it does, is theirs to know.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import type { S3Client } from '@aws-sdk/client-s3';

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { Store, StoreAddress } from '../core/model/trigger.ts';

export interface RemoteStoreOptions {
  readonly clock: Clock;
  /** `http://HOST:PORT`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where nobody answers at all a run shall not wait long; a slow answer is an answer. */
const limits = { connectionTimeout: 5_000, socketTimeout: 60_000 };

type Client = typeof import('@aws-sdk/client-s3');

/** Does not look whether anybody answers: `createBucket` does. */
export async function openRemoteStore(options: RemoteStoreOptions): Promise<Store> {
  const { clock, region, accessKeyId, secretAccessKey, sessionToken } = options;
  const address: StoreAddress = {
    endpoint: await numericEndpoint(options.endpoint),
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  // Loaded only where such a store is opened.
  const client = await import('@aws-sdk/client-s3');
  const { endpoint, ...credentials } = address;
  const s3 = new client.S3Client({ endpoint, region, credentials, forcePathStyle: true, requestHandler: limits });
  const filled = new Map<string, FilledBucket>();
  return {
    address,
    async createBucket(bucket) {
      try {
        filled.set(bucket, await takeBucket(client, s3, { bucket, region }));
      } catch (error) {
        throw notDone(`the bucket "${bucket}" could not be made`, options.endpoint, error);
      }
    },
    async put(bucket, key, body) {
      try {
        const { ETag, VersionId, $metadata } = await s3.send(
          new client.PutObjectCommand({ Bucket: bucket, Key: key, Body: body }),
        );
        filled.get(bucket)?.keys.add(key);
        return {
          bucket,
          key,
          sizeBytes: body.byteLength,
          etag: (ETag ?? '').replaceAll('"', ''),
          ...(VersionId === undefined ? {} : { versionId: VersionId }),
          storedMs: clock.nowMs(),
          requestId: $metadata.requestId ?? '',
          hostId: $metadata.extendedRequestId ?? '',
        };
      } catch (error) {
        throw notDone(`"${key}" could not be put`, options.endpoint, error);
      }
    },
    // Nobody here sees the requests of others, nor their connections. A sandbox that waits for an answer runs, so that no time is
    // skipped meanwhile.
    openRequests: () => 0,
    closeIdleConnections: () => undefined,
    async [Symbol.asyncDispose]() {
      // What cannot be taken away any more stays: the next run of this bucket says so. The verdict of this one stands.
      for (const [bucket, content] of filled) await emptyBucket(client, s3, bucket, content).catch(() => undefined);
      s3.destroy();
    },
  };
}

interface FilledBucket {
  readonly isOurs: boolean;
  /** What this run put there. */
  readonly keys: Set<string>;
}

/** Makes the bucket, or takes an empty one: a forwarder that lists would find what others left, and be blamed for it. */
async function takeBucket(
  client: Client,
  s3: S3Client,
  { bucket: Bucket, region }: { bucket: string; region: string },
): Promise<FilledBucket> {
  if (!(await isThere(client, s3, Bucket))) {
    const LocationConstraint = region as import('@aws-sdk/client-s3').BucketLocationConstraint;
    // us-east-1 is the one region that must not be named (S3 API Reference, CreateBucket).
    const where = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
    await s3.send(new client.CreateBucketCommand({ Bucket, ...where }));
    return { isOurs: true, keys: new Set() };
  }
  const { Contents } = await s3.send(new client.ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
  if (!Contents?.[0]) return { isOurs: false, keys: new Set() };
  const message = `store.bucket: "${Bucket}" holds objects already, such as "${Contents[0].Key}", and the forwarder would find them too. Empty it, or name another with --set store.bucket=NAME.`;
  throw new FlowrigError('environment-missing', message);
}

async function isThere(client: Client, s3: S3Client, Bucket: string): Promise<boolean> {
  try {
    await s3.send(new client.HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (error instanceof client.NotFound) return false;
    throw error;
  }
}

/** Of a bucket that was there before, only what the run put is the run's to take away. */
async function emptyBucket(client: Client, s3: S3Client, Bucket: string, content: FilledBucket): Promise<void> {
  if (!content.isOurs) return deleteAll(client, s3, Bucket, [...content.keys]);
  for await (const { Contents = [] } of client.paginateListObjectsV2({ client: s3 }, { Bucket })) {
    await deleteAll(
      client,
      s3,
      Bucket,
      Contents.map(({ Key }) => Key!),
    );
  }
  await s3.send(new client.DeleteBucketCommand({ Bucket }));
}

/** DeleteObjects takes so many keys (S3 API Reference). */
const keysPerDelete = 1000;

async function deleteAll(client: Client, s3: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += keysPerDelete) {
    const Objects = keys.slice(at, at + keysPerDelete).map((Key) => ({ Key }));
    await s3.send(new client.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
}

/** By address instead of name: AWS's SDKs put the bucket into the host of a name, and into the path of an address. */
async function numericEndpoint(endpoint: string): Promise<string> {
  const { protocol, hostname, port } = new URL(endpoint);
  if (isIP(hostname) !== 0 || hostname.startsWith('[')) return `${protocol}//${hostname}:${port || 80}`;
  try {
    const { address } = await lookup(hostname, { family: 4 });
    return `${protocol}//${address}:${port || 80}`;
  } catch (error) {
    throw notDone('its host could not be found', endpoint, error);
  }
}

function notDone(what: string, endpoint: string, error: unknown): FlowrigError {
  if (error instanceof FlowrigError) return error;
  const { name, message, code } = error as Error & { code?: string };
  const reason = [code ?? name, message].filter((word) => word !== '').join(': ');
  const sentence = `store.endpoint: ${what} at ${endpoint} (${reason}). Start an S3 there, or name the right address and credentials.`;
  return new FlowrigError('environment-missing', sentence, { cause: error });
}
