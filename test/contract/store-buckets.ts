// The part of the store contract that is about buckets: making, listing and deleting them, where they are, and the first listing.

import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';

import type { Contract } from './store-contract.ts';
import { codeOf, keysOf } from './store-session.ts';

export function bucketContract({ session, behaves }: Contract): void {
  const { newBucket, put, listAll } = session;

  behaves('a bucket is listed, tells its region, and is gone when it was deleted', async () => {
    const Bucket = await newBucket();
    const { Buckets, Owner } = await session.s3.send(new ListBucketsCommand({}));
    const found = Buckets!.find(({ Name }) => Name === Bucket);
    expect(found?.CreationDate).toBeInstanceOf(Date);
    expect(Owner?.ID).toMatch(/./);
    const { LocationConstraint = 'us-east-1' } = await session.s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBe(session.region);
    const { $metadata } = await session.s3.send(new DeleteBucketCommand({ Bucket }));
    expect($metadata.httpStatusCode).toBe(204);
    expect(await codeOf(session.s3.send(new HeadBucketCommand({ Bucket })))).toEqual({ code: 'NotFound', status: 404 });
    expect(await codeOf(session.s3.send(new DeleteBucketCommand({ Bucket })))).toEqual({
      code: 'NoSuchBucket',
      status: 404,
    });
  });

  behaves('a bucket that holds an object is not deleted', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    expect(await codeOf(session.s3.send(new DeleteBucketCommand({ Bucket })))).toEqual({
      code: 'BucketNotEmpty',
      status: 409,
    });
  });

  behaves('a name that S3 does not allow is InvalidBucketName', async () => {
    const made = session.s3.send(new CreateBucketCommand({ Bucket: 'no_underscore' }));
    expect(await codeOf(made)).toEqual({ code: 'InvalidBucketName', status: 400 });
  });

  behaves('many objects are deleted at once, those that are not there too', async () => {
    const Bucket = await newBucket();
    for (const key of ['a', 'b &<>', 'c']) await put(Bucket, key);
    const { Deleted, Errors } = await session.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'a' }, { Key: 'b &<>' }, { Key: 'never there' }] },
      }),
    );
    expect(Deleted!.map(({ Key }) => Key)).toEqual(['a', 'b &<>', 'never there']);
    expect(Errors).toBeUndefined();
    const quiet = await session.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'c' }], Quiet: true } }),
    );
    expect(quiet.Deleted).toBeUndefined();
    expect(keysOf(await listAll({ Bucket }))).toEqual([]);
  });

  behaves('no more than 1,000 objects are deleted at once', async () => {
    const Bucket = await newBucket();
    const Objects = Array.from({ length: 1001 }, (_, i) => ({ Key: `k${i}` }));
    const deletion = session.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(await codeOf(deletion)).toEqual({ code: 'MalformedXML', status: 400 });
  });

  behaves('the first listing goes on behind its marker', async () => {
    const Bucket = await newBucket();
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'd e']) await put(Bucket, key);
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await session.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, Marker }));
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key!),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
      );
      expect(page.IsTruncated).toBe(seen.length < 4);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(seen).toEqual(['a/', 'b', 'c/', 'd e']);
    const { Contents, NextMarker } = await session.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
    expect([Contents!.map(({ Key }) => Key), NextMarker]).toEqual([['a/1', 'a/2'], undefined]);
    const rest = await session.s3.send(new ListObjectsCommand({ Bucket, Marker: 'a/2' }));
    expect(rest.Contents!.map(({ Key }) => Key)).toEqual(['b', 'c/1', 'd e']);
    expect(rest.Contents![0]!.Owner?.ID).toMatch(/./);
  });

  behaves('the owner is told where it is asked for', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    const [without, with_] = await Promise.all(
      [false, true].map((FetchOwner) => session.s3.send(new ListObjectsV2Command({ Bucket, FetchOwner }))),
    );
    expect([without!.Contents![0]!.Owner, typeof with_!.Contents![0]!.Owner?.ID]).toEqual([undefined, 'string']);
  });

  behaves('an operation that a store does not do is refused, and never answered as if it had been done', async () => {
    const Bucket = await newBucket();
    const answer = await session.s3.send(new GetBucketAclCommand({ Bucket })).catch(({ name }: Error) => name);
    if (typeof answer === 'string') expect(answer).toBe('NotImplemented');
    else expect(answer.Owner?.ID).toMatch(/./);
  });
}
