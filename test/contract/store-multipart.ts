// The part of the store contract that is about uploads in parts.

import { createHash } from 'node:crypto';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';

import type { Contract } from './store-contract.ts';
import { codeOf } from './store-session.ts';

/** The least that a part other than the last may have. */
const least = 5 * 1024 * 1024;

export function multipartContract({ session, behaves }: Contract): void {
  const { newBucket, put, text, listAll } = session;

  async function begin(over: Partial<CreateMultipartUploadCommandInput> = {}): Promise<Started> {
    const Bucket = over.Bucket ?? (await newBucket());
    const { UploadId } = await session.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k', ...over }));
    const upload = { Bucket, Key: over.Key ?? 'k', UploadId: UploadId! };
    return {
      ...upload,
      async part(PartNumber, Body) {
        const { ETag, ChecksumCRC32 } = await session.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
        return { PartNumber, ETag, ChecksumCRC32 };
      },
      complete: (Parts) =>
        session.s3.send(
          new CompleteMultipartUploadCommand({
            ...upload,
            MultipartUpload: { Parts: Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) },
          }),
        ),
    };
  }

  interface Started {
    readonly Bucket: string;
    readonly Key: string;
    readonly UploadId: string;
    part(number: number, body: Uint8Array | string): Promise<CompletedPart>;
    complete(parts: readonly CompletedPart[]): Promise<{ ETag?: string | undefined }>;
  }

  behaves('parts become one object, in the order of their numbers, with an ETag of its own form', async () => {
    const upload = await begin({ ContentType: 'text/x-log', Metadata: { owner: 'rig' }, Tagging: 'a=b' });
    const [first, second] = [Buffer.alloc(least, 'a'), Buffer.from('the rest')];
    const parts = [await upload.part(7, second), await upload.part(3, first)].toReversed();
    expect((await listAll({ Bucket: upload.Bucket })).flatMap(({ Contents = [] }) => Contents)).toEqual([]);
    const { ETag } = await upload.complete(parts);
    const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();
    expect(ETag).toBe(`"${md5(Buffer.concat([md5(first), md5(second)])).toString('hex')}-2"`);
    const got = await session.s3.send(new GetObjectCommand({ Bucket: upload.Bucket, Key: 'k' }));
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Buffer.concat([first, second]))).toBe(true);
    expect(got).toMatchObject({ ETag, ContentType: 'text/x-log', Metadata: { owner: 'rig' }, TagCount: 1 });
    const across = { Bucket: upload.Bucket, Key: 'k', Range: `bytes=${least - 1}-${least + 2}` };
    const { Body } = await session.s3.send(new GetObjectCommand(across));
    expect(await Body!.transformToString()).toBe('athe');
  });

  behaves('one part of an object is read by its number', async () => {
    const upload = await begin();
    await upload.complete([await upload.part(1, Buffer.alloc(least, 'a')), await upload.part(2, 'tail')]);
    const { Bucket, Key } = upload;
    const got = await session.s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect(await got.Body!.transformToString()).toBe('tail');
    expect(got).toMatchObject({ PartsCount: 2, ContentRange: `bytes ${least}-${least + 3}/${least + 4}` });
    const head = await session.s3.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 1 }));
    expect(head).toMatchObject({ PartsCount: 2, ContentLength: least });
  });

  behaves('a part that comes again takes the place of the former', async () => {
    const upload = await begin();
    await upload.part(1, 'former');
    await upload.complete([await upload.part(1, 'latter')]);
    expect(await text(upload.Bucket, 'k')).toBe('latter');
  });

  behaves('a part is copied from an object, whole or a range of it', async () => {
    const upload = await begin();
    const { Bucket, Key, UploadId } = upload;
    await put(Bucket, 'source é', Buffer.concat([Buffer.alloc(least, 'a'), Buffer.from('0123456789')]));
    const copy = async (PartNumber: number, CopySourceRange?: string): Promise<CompletedPart> => {
      const { CopyPartResult } = await session.s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber,
          CopySource: `${Bucket}/${encodeURIComponent('source é')}`,
          CopySourceRange,
        }),
      );
      return { PartNumber, ETag: CopyPartResult!.ETag };
    };
    await upload.complete([await copy(1), await copy(2, `bytes=${least + 2}-${least + 5}`)]);
    const { Body } = await session.s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-6' }));
    expect(await Body!.transformToString()).toBe('892345');
  });

  behaves('an upload that is not complete is listed with its parts, and is gone when it was aborted', async () => {
    const Bucket = await newBucket();
    const [upload, other] = [await begin({ Bucket, Key: 'b/1' }), await begin({ Bucket, Key: 'a' })];
    await upload.part(1, 'one');
    await upload.part(5, 'five');
    const uploads = await session.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(uploads.Uploads!.map(({ Key }) => Key)).toEqual(['a', 'b/1']);
    const rolled = await session.s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }));
    expect([rolled.Uploads!.map(({ Key }) => Key), rolled.CommonPrefixes!.map(({ Prefix }) => Prefix)]).toEqual([
      ['a'],
      ['b/'],
    ]);
    const { Key, UploadId } = upload;
    const parts = await session.s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
    expect(parts).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 3 }] });
    const PartNumberMarker = parts.NextPartNumberMarker;
    const rest = await session.s3.send(new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker }));
    expect(rest.Parts!.map(({ PartNumber }) => PartNumber)).toEqual([5]);
    for (const each of [upload, other]) {
      const { Key: key, UploadId: id } = each;
      await session.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: id }));
    }
    expect((await session.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
    const gone = { code: 'NoSuchUpload', status: 404 };
    expect(await codeOf(session.s3.send(new ListPartsCommand({ Bucket, Key, UploadId })))).toEqual(gone);
    expect(await codeOf(upload.part(1, 'late'))).toEqual(gone);
  });

  behaves('an upload is completed only with parts that are there, in order and large enough', async () => {
    const upload = await begin();
    const [one, two] = [await upload.part(1, 'small'), await upload.part(2, 'too')];
    const wrong = { PartNumber: 1, ETag: '"0123456789abcdef0123456789abcdef"' };
    expect(await codeOf(upload.complete([wrong]))).toEqual({ code: 'InvalidPart', status: 400 });
    expect(await codeOf(upload.complete([{ ...one, PartNumber: 9 }]))).toEqual({ code: 'InvalidPart', status: 400 });
    expect(await codeOf(upload.complete([two, one]))).toEqual({ code: 'InvalidPartOrder', status: 400 });
    expect(await codeOf(upload.complete([one, two]))).toEqual({ code: 'EntityTooSmall', status: 400 });
    await upload.complete([two]);
    expect(await text(upload.Bucket, 'k')).toBe('too');
    expect(await codeOf(upload.part(1, 'late'))).toEqual({ code: 'NoSuchUpload', status: 404 });
  });

  behaves('a part has a number from 1 to 10,000', async () => {
    const upload = await begin();
    await upload.part(10_000, 'last');
    expect(await codeOf(upload.part(10_001, 'beyond'))).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  behaves('an upload whose checksum is one of the whole object gives that back', async () => {
    const upload = await begin({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' });
    const { Bucket, Key, UploadId } = upload;
    const { ETag } = await session.s3.send(
      new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 1,
        Body: '123456789',
        ChecksumAlgorithm: 'CRC64NVME',
      }),
    );
    await upload.complete([{ PartNumber: 1, ETag }]);
    const head = await session.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumCRC64NVME: 'rosUhgp5mIg=', ChecksumType: 'FULL_OBJECT' });
  });

  behaves('an upload whose checksum is one of its parts gives that back, with their number', async () => {
    const upload = await begin({ ChecksumAlgorithm: 'CRC32' });
    const part = await upload.part(1, '123456789');
    const { Bucket, Key, UploadId } = upload;
    await session.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [part] } }),
    );
    const head = await session.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC32).toMatch(/^[\w+/]{6}==-1$/);
    expect(head.ChecksumType).toBe('COMPOSITE');
  });
}
