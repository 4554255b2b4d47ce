// What LocalStack does with requests that AWS would refuse. No store contract asks for it: our own S3 looks at no signature either.

import { GetObjectCommand, PutObjectCommand, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { address, needsLocalstack } from './with-localstack.ts';

needsLocalstack();

const { endpoint, region, accessKeyId } = address;

test('LocalStack differs from AWS: it takes a wrong signature, and a request without one', async () => {
  using s3 = client('test');
  const object = { Bucket: `requests-${process.pid}`, Key: 'k' };
  await s3.send(new CreateBucketCommand(object));
  await s3.send(new PutObjectCommand({ ...object, Body: 'text' }));
  using wrong = client('another secret');
  const { Body } = await wrong.send(new GetObjectCommand(object));
  expect(await Body!.transformToString()).toBe('text');
  expect((await fetch(`${endpoint}/${object.Bucket}/k`)).status).toBe(200);
});

function client(secretAccessKey: string): S3Client & Disposable {
  const s3 = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  return Object.assign(s3, { [Symbol.dispose]: () => s3.destroy() });
}
