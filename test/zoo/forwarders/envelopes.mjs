// Right forwarders' way to read an event: every envelope that AWS puts around S3's message. Each saboteur of the trigger knows less.

import { newHandler } from './pipeline.mjs';

/** S3's records of an event, whatever it came in; what announces no new object is left out. */
export function recordsOf(event) {
  if (event['detail-type'] === 'Object Created') return [ofEventBridge(event.detail)];
  if (event.Type === 'Notification') return recordsOf(JSON.parse(event.Message));
  return (event.Records ?? []).flatMap((record) => {
    if (record.eventSource === 'aws:sqs') return recordsOf(JSON.parse(record.body));
    if (record.EventSource === 'aws:sns') return recordsOf(JSON.parse(record.Sns.Message));
    return record.eventName?.startsWith('ObjectCreated:') ? [record] : [];
  });
}

/** EventBridge encodes no key: the pipeline expects it as S3 writes it. */
function ofEventBridge({ bucket, object }) {
  return { s3: { bucket, object: { ...object, key: encodeURIComponent(object.key) } } };
}

const forward = newHandler();

/** A handler that forwards the records which `select` leaves of an event. */
export function newEventHandler(select = recordsOf) {
  return (event) => forward({ Records: select(event) });
}
