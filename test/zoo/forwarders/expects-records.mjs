// Every message of a queue or a topic is S3's own, and S3's messages have Records: a test message has none.
import { newHandler } from './pipeline.mjs';

const forward = newHandler();

export async function handler(event) {
  const messages =
    event.Records?.[0].eventSource === 'aws:sqs' ? event.Records.map(({ body }) => JSON.parse(body)) : [event];
  for (const message of messages) await forward(message);
}
