// Which S3 operation a request asks for, by the rules of the Amazon S3 API Reference: method, bucket or object, and the query
// parameters that name a subresource. Every operation has a name here, so that what is not built is refused by name.

/** What decides the operation. */
export interface OperationRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Query parameter to the noun of Get..., Put... and Delete.... */
const bucketNouns: Readonly<Record<string, string>> = {
  abac: 'BucketAbac',
  accelerate: 'BucketAccelerateConfiguration',
  acl: 'BucketAcl',
  analytics: 'BucketAnalyticsConfiguration',
  cors: 'BucketCors',
  encryption: 'BucketEncryption',
  'intelligent-tiering': 'BucketIntelligentTieringConfiguration',
  inventory: 'BucketInventoryConfiguration',
  lifecycle: 'BucketLifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  metadataConfiguration: 'BucketMetadataConfiguration',
  metrics: 'BucketMetricsConfiguration',
  notification: 'BucketNotificationConfiguration',
  'object-lock': 'ObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'PublicAccessBlock',
  replication: 'BucketReplication',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

const objectNouns: Readonly<Record<string, string>> = {
  acl: 'ObjectAcl',
  attributes: 'ObjectAttributes',
  encryption: 'ObjectEncryption',
  'legal-hold': 'ObjectLegalHold',
  retention: 'ObjectRetention',
  tagging: 'ObjectTagging',
  torrent: 'ObjectTorrent',
};

const verbs: Readonly<Record<string, string>> = {
  GET: 'Get',
  PUT: 'Put',
  DELETE: 'Delete',
  HEAD: 'Head',
  POST: 'Post',
};

/** The operation's name as the API Reference spells it; undefined where the method means nothing there. */
export function operationOf(request: OperationRequest): string | undefined {
  const verb = verbs[request.method];
  if (verb === undefined) return undefined;
  if (request.bucket === '') return request.method === 'GET' ? 'ListBuckets' : undefined;
  return request.key === '' ? bucketOperation(verb, request.query) : objectOperation(verb, request);
}

function bucketOperation(verb: string, query: ReadonlyMap<string, string>): string | undefined {
  if (verb === 'Head') return 'HeadBucket';
  if (verb === 'Post') return query.has('delete') ? 'DeleteObjects' : 'PostObject';
  const noun = subresource(query, bucketNouns);
  if (noun !== undefined) return verb + noun;
  if (verb === 'Put') return 'CreateBucket';
  if (verb === 'Delete') return 'DeleteBucket';
  if (query.has('uploads')) return 'ListMultipartUploads';
  if (query.has('versions')) return 'ListObjectVersions';
  if (query.has('session')) return 'CreateSession';
  return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}

function objectOperation(verb: string, { query, headers }: OperationRequest): string | undefined {
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (query.has('uploadId')) {
    if (verb === 'Put') return isCopy ? 'UploadPartCopy' : 'UploadPart';
    return { Get: 'ListParts', Delete: 'AbortMultipartUpload', Post: 'CompleteMultipartUpload' }[verb];
  }
  if (verb === 'Post') {
    if (query.has('uploads')) return 'CreateMultipartUpload';
    if (query.has('restore')) return 'RestoreObject';
    return query.has('select') ? 'SelectObjectContent' : undefined;
  }
  const noun = subresource(query, objectNouns);
  if (noun !== undefined) return verb + noun;
  if (verb === 'Put' && query.has('renameObject')) return 'RenameObject';
  return verb === 'Put' && isCopy ? 'CopyObject' : `${verb}Object`;
}

function subresource(query: ReadonlyMap<string, string>, nouns: Readonly<Record<string, string>>): string | undefined {
  for (const name of query.keys()) if (Object.hasOwn(nouns, name)) return nouns[name];
  return undefined;
}
