// GetBucketVersioning and PutBucketVersioning: a bucket is without versions, or has them, or makes no new ones.

import { bucketOf, type Action } from '../action.ts';
import { S3Error } from '../errors.ts';
import { maxXmlBytes, receiveText } from '../payload.ts';
import { refuseHeaders } from '../unsupported.ts';
import { childText, readXml, s3Document, textElement } from '../xml.ts';

export const getBucketVersioning: Action = (call, s3) => {
  const { versioning } = bucketOf(call, s3);
  return {
    statusCode: 200,
    headers: {},
    content: s3Document('VersioningConfiguration', textElement('Status', versioning)),
  };
};

export const putBucketVersioning: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, ['x-amz-mfa']);
  const root = readXml(await receiveText(call, maxXmlBytes), 'VersioningConfiguration');
  const status = childText(root, 'Status');
  if (childText(root, 'MfaDelete') === 'Enabled') {
    throw new S3Error('NotImplemented', { message: 'The embedded S3 does not implement MfaDelete.' });
  }
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML');
  bucket.setVersioning(status);
  return { statusCode: 200, headers: {} };
};
