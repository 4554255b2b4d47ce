// Reads account and region from the key, and fails the whole event where it does not have the form that it knows.
import { newHandler } from './pipeline.mjs';

const forward = newHandler();

export async function handler(event) {
  for (const { s3 } of event.Records) {
    const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '));
    if (!/^AWSLogs\/\d{12}\/vpcflowlogs\/[a-z0-9-]+\/\d{4}\/\d\d\/\d\d\/[^/]+\.log\.gz$/.test(key)) {
      throw new Error(`type of S3 event could not be determined for object "${key}"`);
    }
  }
  return forward(event);
}
