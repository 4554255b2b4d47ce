// Knows how to name the messages that failed, but takes the id from S3's record, which has none.
import { newEventHandler, recordsOf } from './envelopes.mjs';

const forward = newEventHandler((records) => records);

export async function handler(event) {
  const batchItemFailures = [];
  for (let record of event.Records) {
    try {
      for (record of recordsOf({ Records: [record] })) await forward([record]);
    } catch {
      batchItemFailures.push({ itemIdentifier: record.messageId.toString() });
    }
  }
  return { batchItemFailures };
}
