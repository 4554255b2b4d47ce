// ListBuckets: all of them here, in order; pages only where somebody asks for them.

import type { Action } from '../action.ts';
import { invalidArgument } from '../errors.ts';
import { listedInstant, owner } from '../listing-answer.ts';
import { s3Document, textElement } from '../xml.ts';

export const listBuckets: Action = (call, s3) => {
  const prefix = call.query.get('prefix') ?? '';
  const region = call.query.get('bucket-region') ?? s3.region;
  const token = call.query.get('continuation-token') ?? '';
  const limit = readLimit(call.query.get('max-buckets'));
  const after = Buffer.from(token, 'base64url').toString();
  const all = s3.storage.buckets().filter((name) => name.startsWith(prefix) && name > after && region === s3.region);
  const page = all.slice(0, limit);
  const buckets = page.map((name) => {
    const createdMs = s3.storage.bucket(name)!.createdMs;
    return [
      '<Bucket>',
      textElement('Name', name),
      textElement('CreationDate', listedInstant(createdMs)),
      textElement('BucketRegion', s3.region),
      '</Bucket>',
    ].join('');
  });
  const next = all.length > limit ? Buffer.from(page.at(-1)!).toString('base64url') : undefined;
  const content = [
    owner,
    `<Buckets>${buckets.join('')}</Buckets>`,
    textElement('Prefix', prefix === '' ? undefined : prefix),
    textElement('ContinuationToken', next),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListAllMyBucketsResult', content.join('')) };
};

function readLimit(text: string | undefined): number {
  if (text === undefined) return 10_000;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw invalidArgument('max-buckets', text, 'Argument max-buckets must be an integer between 1 and 10000');
}
