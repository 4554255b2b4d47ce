// The part of the store contract that is about versions and delete markers.

import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type BucketVersioningStatus,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';

import type { Contract } from './store-contract.ts';
import { codeOf, keysOf } from './store-session.ts';

export function versionContract({ session, behaves }: Contract): void {
  const { newBucket, text, listAll } = session;

  async function setVersioning(Bucket: string, Status: BucketVersioningStatus): Promise<void> {
    await session.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  }

  async function versioned(): Promise<string> {
    const Bucket = await newBucket();
    await setVersioning(Bucket, 'Enabled');
    return Bucket;
  }

  const putVersion = async (Bucket: string, Key: string, Body: string): Promise<string | undefined> =>
    (await session.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;

  const get = async (Bucket: string, Key: string, VersionId?: string): Promise<string> => {
    const { Body } = await session.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Body!.transformToString();
  };

  behaves('a bucket begins without versions, and tells whether it has them', async () => {
    const Bucket = await newBucket();
    expect(await putVersion(Bucket, 'k', 'one')).toBeUndefined();
    const status = async (): Promise<string | undefined> =>
      (await session.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await status()).toBeUndefined();
    await setVersioning(Bucket, 'Enabled');
    expect(await status()).toBe('Enabled');
    await setVersioning(Bucket, 'Suspended');
    expect(await status()).toBe('Suspended');
  });

  behaves('each PUT makes a version, and each can be read', async () => {
    const Bucket = await versioned();
    const [one, two] = [await putVersion(Bucket, 'k', 'one'), await putVersion(Bucket, 'k', 'two')];
    expect(one).not.toBe(two);
    expect([await text(Bucket, 'k'), await get(Bucket, 'k', one), await get(Bucket, 'k', two)]).toEqual([
      'two',
      'one',
      'two',
    ]);
    const head = await session.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head.VersionId).toBe(two);
    expect(keysOf(await listAll({ Bucket }))).toEqual(['k']);
  });

  behaves('a deletion hides the object behind a marker, and deleting the marker brings it back', async () => {
    const Bucket = await versioned();
    const VersionId = await putVersion(Bucket, 'k', 'bytes');
    const deleted = await session.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) as string });
    expect(await codeOf(session.s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
    const marker = { Bucket, Key: 'k', VersionId: deleted.VersionId! };
    expect(await codeOf(session.s3.send(new GetObjectCommand(marker)))).toEqual({
      code: 'MethodNotAllowed',
      status: 405,
    });
    expect(keysOf(await listAll({ Bucket }))).toEqual([]);
    expect(await get(Bucket, 'k', VersionId)).toBe('bytes');
    expect(await session.s3.send(new DeleteObjectCommand(marker))).toMatchObject({ DeleteMarker: true });
    expect(await text(Bucket, 'k')).toBe('bytes');
  });

  behaves('a version that is deleted by its id is gone for good', async () => {
    const Bucket = await versioned();
    const [one, two] = [await putVersion(Bucket, 'k', 'one'), await putVersion(Bucket, 'k', 'two')];
    const { Deleted } = await session.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k', VersionId: two }] } }),
    );
    expect(Deleted).toEqual([{ Key: 'k', VersionId: two }]);
    expect(await text(Bucket, 'k')).toBe('one');
    expect(await codeOf(session.s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: two })))).toEqual({
      code: 'NoSuchVersion',
      status: 404,
    });
    await session.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: one }));
    const { Versions, DeleteMarkers } = await session.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect([Versions, DeleteMarkers]).toEqual([undefined, undefined]);
  });

  behaves('versions are listed newest first, markers among them, page by page', async () => {
    const Bucket = await versioned();
    for (const [key, body] of [
      ['a', '1'],
      ['a', '2'],
      ['b/1', '3'],
      ['b/2', '4'],
      ['c', '5'],
    ] as const) {
      await putVersion(Bucket, key, body);
    }
    await session.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    for (const MaxKeys of [1, 2, 1000]) {
      const seen: string[] = [];
      let [KeyMarker, VersionIdMarker]: [string?, string?] = [];
      do {
        const page: ListObjectVersionsCommandOutput = await session.s3.send(
          new ListObjectVersionsCommand({ Bucket, MaxKeys, KeyMarker, VersionIdMarker }),
        );
        for (const { Key, IsLatest } of page.DeleteMarkers ?? []) seen.push(`${Key} marker ${IsLatest}`);
        for (const { Key, IsLatest, Size } of page.Versions ?? []) seen.push(`${Key} ${Size} ${IsLatest}`);
        [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
      } while (KeyMarker !== undefined);
      expect(seen).toEqual(['a marker true', 'a 1 false', 'a 1 false', 'b/1 1 true', 'b/2 1 true', 'c 1 true']);
    }
    const rolled = await session.s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: '/', Prefix: 'b' }));
    expect([rolled.Versions, rolled.CommonPrefixes]).toEqual([undefined, [{ Prefix: 'b/' }]]);
  });

  behaves('while versioning is suspended the version null is overwritten, and the others stay', async () => {
    const Bucket = await newBucket();
    await putVersion(Bucket, 'k', 'before');
    await setVersioning(Bucket, 'Enabled');
    const one = await putVersion(Bucket, 'k', 'one');
    expect(await get(Bucket, 'k', 'null')).toBe('before');
    await setVersioning(Bucket, 'Suspended');
    await putVersion(Bucket, 'k', 'suspended');
    expect([await text(Bucket, 'k'), await get(Bucket, 'k', one), await get(Bucket, 'k', 'null')]).toEqual([
      'suspended',
      'one',
      'suspended',
    ]);
    const { Versions } = await session.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions!.map(({ VersionId }) => VersionId)).toEqual(['null', one]);
  });
}
