// Names that AWS accepts for a general purpose bucket: "General purpose bucket naming rules", Amazon S3 User Guide.

/** The rules as one pattern, so that the scenario's schema and CreateBucket cannot differ. */
export const bucketNamePattern = [
  '^',
  '(?!\\d+\\.\\d+\\.\\d+\\.\\d+$)', // not formatted as an IP address
  '(?!xn--|sthree-|amzn-s3-demo-)', // reserved prefixes
  '(?!.*(-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)$)', // reserved suffixes
  '(?!.*\\.\\.)', // no two adjacent periods
  '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  '$',
].join('');

const bucketName = new RegExp(bucketNamePattern);

export function isBucketName(name: string): boolean {
  return bucketName.test(name);
}
