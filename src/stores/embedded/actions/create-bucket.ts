// CreateBucket: in the region of this S3 only, as an endpoint of AWS does.

import type { Action } from '../action.ts';
import { isBucketName } from '../bucket-name.ts';
import { S3Error } from '../errors.ts';
import { maxXmlBytes, receiveText } from '../payload.ts';
import { refuseHeaders } from '../unsupported.ts';
import { childElements, readXml } from '../xml.ts';

/** The region whose buckets have no location constraint. */
const firstRegion = 'us-east-1';

export const createBucket: Action = async (call, s3) => {
  refuseHeaders(call, ['x-amz-acl', 'x-amz-grant-*', 'x-amz-bucket-object-lock-enabled', 'x-amz-object-ownership']);
  checkLocation(await receiveText(call, maxXmlBytes), s3.region);
  if (!isBucketName(call.bucket)) throw new S3Error('InvalidBucketName', { details: { BucketName: call.bucket } });
  // us-east-1 answers its owner with success again: "CreateBucket", Amazon S3 API Reference.
  if (!s3.storage.createBucket(call.bucket) && s3.region !== firstRegion) {
    throw new S3Error('BucketAlreadyOwnedByYou', { details: { BucketName: call.bucket } });
  }
  return { statusCode: 200, headers: { location: `/${call.bucket}` } };
};

/** No constraint means us-east-1. */
function checkLocation(xml: string, region: string): void {
  let constraint = '';
  if (xml !== '') {
    for (const element of childElements(readXml(xml, 'CreateBucketConfiguration'))) {
      if (element.name !== 'LocationConstraint') {
        throw new S3Error('NotImplemented', {
          message: `The embedded S3 does not implement CreateBucket with the element ${element.name}.`,
          details: { Operation: 'CreateBucket', Element: element.name },
        });
      }
      constraint = element.text.trim();
    }
  }
  if ((constraint || firstRegion) === region) return;
  throw new S3Error('IllegalLocationConstraintException', {
    message: `The ${constraint || 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  });
}
