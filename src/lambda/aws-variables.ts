// What AWS's SDKs read from the environment, in a function and in any other process: the store, and credentials that are worth nothing.

import type { StoreAddress } from '../core/model/trigger.ts';

export function awsVariables(address: StoreAddress): Record<string, string> {
  return {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: address.accessKeyId,
    AWS_SECRET_ACCESS_KEY: address.secretAccessKey,
    ...(address.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: address.sessionToken }),
    AWS_REGION: address.region,
    AWS_DEFAULT_REGION: address.region,
    AWS_ENDPOINT_URL: address.endpoint,
    AWS_ENDPOINT_URL_S3: address.endpoint,
  };
}
