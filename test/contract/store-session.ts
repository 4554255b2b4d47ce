// The client's side of the store contract: one SDK client for the suite, a bucket for each test, and what tests do all the time.

import { createHash } from 'node:crypto';

import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';

import type { StoreAddress } from '../../src/core/model/trigger.ts';

/** A running S3 to hold against the suite. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly address: StoreAddress;
}

export interface StoreSession {
  readonly s3: S3Client;
  readonly region: string;
  readonly newBucket: () => Promise<string>;
  /** Puts the body, by default the key itself, and returns the ETag with its quotes. */
  readonly put: (bucket: string, key: string, body?: PutObjectCommandInput['Body']) => Promise<string>;
  readonly text: (bucket: string, key: string) => Promise<string>;
  /** All pages of a listing. */
  readonly listAll: (input: ListObjectsV2CommandInput) => Promise<ListObjectsV2CommandOutput[]>;
}

/** Opens the store before the tests of the running `describe`, and closes it after them. */
export function openSession(open: () => Promise<StoreUnderTest>): StoreSession {
  let store: StoreUnderTest;
  let s3: S3Client;
  let bucketCount = 0;

  beforeAll(async () => {
    store = await open();
    const { endpoint, region, accessKeyId, secretAccessKey } = store.address;
    s3 = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  });

  afterAll(async () => {
    s3.destroy();
    await store[Symbol.asyncDispose]();
  });

  return {
    get s3() {
      return s3;
    },
    get region() {
      return store.address.region;
    },
    async newBucket() {
      const Bucket = `contract-${process.pid}-${bucketCount++}`;
      await s3.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    async put(Bucket, Key, Body = Key) {
      const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      return ETag!;
    },
    async text(Bucket, Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Body!.transformToString();
    },
    async listAll(input) {
      const pages: ListObjectsV2CommandOutput[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
        pages.push(page);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return pages;
    },
  };
}

export function keysOf(pages: readonly ListObjectsV2CommandOutput[]): (string | undefined)[] {
  return pages.flatMap((page) => page.Contents ?? []).map((object) => object.Key);
}

export function prefixesOf(pages: readonly ListObjectsV2CommandOutput[]): (string | undefined)[] {
  return pages.flatMap((page) => page.CommonPrefixes ?? []).map((entry) => entry.Prefix);
}

/** The SDK hands on keys of `encoding-type=url` as they came. */
export function decodeListed(key: string | undefined): string {
  return decodeURIComponent(key!.replaceAll('+', ' '));
}

export function md5Etag(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** Code and status of an answer that must be an error. */
export async function codeOf(answer: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw new Error('S3 answered with success', { cause: error });
  return { code: error.name, status: error.$metadata.httpStatusCode };
}
