// The part of the store contract that is about copies, tags, and what a query may change of an answer.

import {
  CopyObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';

import type { Contract } from './store-contract.ts';
import { codeOf } from './store-session.ts';

export function copyContract({ session, behaves }: Contract): void {
  const { newBucket, put, text } = session;

  behaves('a copy has the bytes, the headers and the tags of its source', async () => {
    const [from, to] = [await newBucket(), await newBucket()];
    const Key = 'a b+c/é=1%';
    const { ETag } = await session.s3.send(
      new PutObjectCommand({
        Bucket: from,
        Key,
        Body: 'bytes',
        ContentType: 'text/x-log',
        Metadata: { owner: 'rig' },
        Tagging: 'stage=test&empty=',
      }),
    );
    const { CopyObjectResult } = await session.s3.send(
      new CopyObjectCommand({ Bucket: to, Key: 'copy', CopySource: `${from}/${encodeURIComponent(Key)}` }),
    );
    expect(CopyObjectResult).toMatchObject({ ETag, LastModified: expect.any(Date) as Date });
    expect(await text(to, 'copy')).toBe('bytes');
    expect(await session.s3.send(new HeadObjectCommand({ Bucket: to, Key: 'copy' }))).toMatchObject({
      ContentType: 'text/x-log',
      Metadata: { owner: 'rig' },
      ETag,
    });
    const { TagSet } = await session.s3.send(new GetObjectTaggingCommand({ Bucket: to, Key: 'copy' }));
    expect(TagSet!.toSorted((a, b) => (a.Key! < b.Key! ? -1 : 1))).toEqual([
      { Key: 'empty', Value: '' },
      { Key: 'stage', Value: 'test' },
    ]);
  });

  behaves('a copy outlives its source', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'source', 'first');
    await session.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `/${Bucket}/source` }));
    await put(Bucket, 'source', 'second');
    expect([await text(Bucket, 'copy'), await text(Bucket, 'source')]).toEqual(['first', 'second']);
  });

  behaves('a copy onto itself must change something', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k', 'bytes');
    const itself = { Bucket, Key: 'k', CopySource: `${Bucket}/k` };
    expect(await codeOf(session.s3.send(new CopyObjectCommand(itself)))).toEqual({
      code: 'InvalidRequest',
      status: 400,
    });
    await session.s3.send(
      new CopyObjectCommand({
        ...itself,
        MetadataDirective: 'REPLACE',
        ContentType: 'text/plain',
        Metadata: { a: '1' },
      }),
    );
    expect(await session.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { a: '1' },
    });
    expect(await text(Bucket, 'k')).toBe('bytes');
  });

  behaves('a copy is made only where the conditions on its source hold', async () => {
    const Bucket = await newBucket();
    const ETag = await put(Bucket, 'k', 'bytes');
    const copy = (condition: object): Promise<unknown> =>
      session.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k`, ...condition }));
    const refused = { code: 'PreconditionFailed', status: 412 };
    expect(await codeOf(copy({ CopySourceIfMatch: '"0123456789abcdef0123456789abcdef"' }))).toEqual(refused);
    expect(await codeOf(copy({ CopySourceIfNoneMatch: ETag }))).toEqual(refused);
    expect(await codeOf(session.s3.send(new GetObjectCommand({ Bucket, Key: 'copy' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
    await copy({ CopySourceIfMatch: ETag });
    expect(await text(Bucket, 'copy')).toBe('bytes');
  });

  behaves('a copy of what is not there is NoSuchKey', async () => {
    const Bucket = await newBucket();
    const copy = session.s3.send(new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/nothing` }));
    expect(await codeOf(copy)).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  behaves('tags are set, counted and taken away, and change nothing else', async () => {
    const Bucket = await newBucket();
    const ETag = await put(Bucket, 'k', 'bytes');
    const TagSet = [{ Key: 'key with space + more', Value: 'välue' }];
    await session.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }));
    expect((await session.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet).toEqual(TagSet);
    expect(await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).toMatchObject({ TagCount: 1, ETag });
    await session.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'k' }));
    expect((await session.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet).toEqual([]);
    expect((await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).TagCount).toBeUndefined();
  });

  behaves('a tag with a character that tags do not have is InvalidTag', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    const TagSet = [{ Key: 'a&b', Value: 'c' }];
    const tagging = session.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }));
    expect(await codeOf(tagging)).toEqual({ code: 'InvalidTag', status: 400 });
  });

  behaves('two tags of one key are InvalidTag', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    const TagSet = ['1', '2'].map((Value) => ({ Key: 'a', Value }));
    const tagging = session.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }));
    expect(await codeOf(tagging)).toEqual({ code: 'InvalidTag', status: 400 });
  });

  behaves('a query replaces headers of the answer', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    const answer = await session.s3.send(
      new GetObjectCommand({
        Bucket,
        Key: 'k',
        ResponseCacheControl: 'no-cache',
        ResponseContentDisposition: 'attachment; filename="a.log"',
        ResponseContentEncoding: 'x-none',
        ResponseContentLanguage: 'de',
        ResponseContentType: 'text/x-other',
      }),
    );
    expect(answer).toMatchObject({
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment; filename="a.log"',
      ContentEncoding: 'x-none',
      ContentLanguage: 'de',
      ContentType: 'text/x-other',
    });
  });
}
