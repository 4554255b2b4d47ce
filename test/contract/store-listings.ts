// The part of the store contract that is about listings: order, pages, prefixes, what each page tells.

import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect } from 'vitest';

import type { Contract } from './store-contract.ts';
import { codeOf, keysOf, prefixesOf } from './store-session.ts';

export function listingContract({ session, behaves }: Contract): void {
  const { newBucket, put, listAll } = session;

  // '😀' stands above '豈' (U+F900) in UTF-8, below it in UTF-16.
  const mixed = [
    'B',
    'Zone-1',
    'a',
    'app-1',
    'zone-2',
    'AWSLogs/1',
    'awslogs-archive/1',
    '豈',
    '😀',
    'é',
    '~',
    '0',
    'a/b',
    'a-b',
  ];

  behaves.each(
    [1, 7, 1000],
    (MaxKeys) => `pages of ${MaxKeys} list every key once, in the order of UTF-8 bytes`,
    async (MaxKeys) => {
      const Bucket = await newBucket();
      await Promise.all(mixed.map((key) => put(Bucket, key)));
      const pages = await listAll({ Bucket, MaxKeys });
      expect(keysOf(pages)).toEqual(mixed.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(pages.map((page) => page.KeyCount)).toEqual(pages.map((page) => page.Contents!.length));
      expect(pages.map((page) => page.IsTruncated)).toEqual(pages.map((_, i) => i < pages.length - 1));
    },
  );

  behaves.each(
    [1, 2, 1000],
    (MaxKeys) => `pages of ${MaxKeys} with a delimiter roll each common prefix up once`,
    async (MaxKeys) => {
      const Bucket = await newBucket();
      for (const key of ['a/1', 'a/2', 'a/3/4', 'b', 'c/1', 'c/2', 'd']) await put(Bucket, key);
      const pages = await listAll({ Bucket, Delimiter: '/', MaxKeys });
      expect(keysOf(pages)).toEqual(['b', 'd']);
      expect(prefixesOf(pages)).toEqual(['a/', 'c/']);
      expect(pages.map((page) => page.KeyCount)).toEqual(pages.map((_, i) => Math.min(MaxKeys, 4 - i * MaxKeys)));
      const below = await listAll({ Bucket, Prefix: 'a/', Delimiter: '/', MaxKeys });
      expect([keysOf(below), prefixesOf(below)]).toEqual([['a/1', 'a/2'], ['a/3/']]);
    },
  );

  behaves('start-after begins behind a key, there or not', async () => {
    const Bucket = await newBucket();
    for (const key of ['a', 'b', 'c']) await put(Bucket, key);
    expect(keysOf(await listAll({ Bucket, StartAfter: 'a' }))).toEqual(['b', 'c']);
    expect(keysOf(await listAll({ Bucket, StartAfter: 'aa', MaxKeys: 1 }))).toEqual(['b', 'c']);
    expect(keysOf(await listAll({ Bucket, StartAfter: 'c' }))).toEqual([]);
  });

  behaves('a listing tells size, ETag and time, and echoes what was asked', async () => {
    const Bucket = await newBucket();
    const ETag = await put(Bucket, 'p/k', 'four');
    const { $metadata: _, ...page } = await session.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'p/', Delimiter: '|', MaxKeys: 5, StartAfter: 'p/a' }),
    );
    const { LastModified } = await session.s3.send(new HeadObjectCommand({ Bucket, Key: 'p/k' }));
    expect(page).toMatchObject({
      Name: Bucket,
      Prefix: 'p/',
      Delimiter: '|',
      StartAfter: 'p/a',
      MaxKeys: 5,
      KeyCount: 1,
      IsTruncated: false,
      Contents: [{ Key: 'p/k', Size: 4, ETag, LastModified, StorageClass: 'STANDARD' }],
    });
  });

  behaves('max-keys 0 is an empty page, and a token that was never given is an error', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    const page = await session.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect(page).toMatchObject({ KeyCount: 0, IsTruncated: false });
    const guess = session.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'never-given' }));
    expect(await codeOf(guess)).toEqual({ code: 'InvalidArgument', status: 400 });
  });
}
