// The bucket is in another Region: S3 redirects and names it, and serves who signs for that Region ("Request redirection and the
// REST API", Amazon S3 User Guide). SDKs follow where they are told to.

import { Type } from 'typebox';

import { S3Error } from '../embedded/errors.ts';
import { storeFault } from './kind.ts';

export const redirectFault = storeFault<{ readonly region?: string }>({
  kind: 'store.redirect',
  summary: 'sends the client to another region (301 PermanentRedirect), until it signs for that one',
  description: 'The bucket is in another region.',
  isLasting: true,
  keys: {
    region: Type.Optional(
      Type.String({
        pattern: '^[a-z]{2}(-[a-z]+)+-\\d$',
        description: 'The region in which the bucket is; eu-central-1 by default.',
        examples: ['eu-central-1'],
      }),
    ),
  },
  open:
    ({ region = 'eu-central-1' }) =>
    ({ bucket, signedRegion }) => {
      if (signedRegion === region) return undefined;
      const refusal = new S3Error('PermanentRedirect', {
        details: { Endpoint: `${bucket}.s3.${region}.amazonaws.com`, Bucket: bucket },
        headers: { 'x-amz-bucket-region': region },
      });
      return { refusal };
    },
});
