// Decodes EventBridge's keys as S3's own, though nobody encoded them.
import { newHandler } from './pipeline.mjs';

const forward = newHandler();

export const handler = (event) =>
  forward({ Records: [{ s3: { bucket: event.detail.bucket, object: event.detail.object } }] });
