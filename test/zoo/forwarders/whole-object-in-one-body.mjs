// Sends each object as one body, however large.
import { post, steps } from './pipeline.mjs';

export async function handler(event) {
  for (const { s3: where } of event.Records) {
    const key = decodeURIComponent(where.object.key.replaceAll('+', ' '));
    const { names, lines } = steps.splitHeader(await steps.readLines(where.bucket.name, key));
    const { ok, status } = await post(lines.map((line) => steps.toRecord(line, names)));
    if (!ok) throw new Error(`SigNoz answered ${status}`);
  }
}
