// What an event announces. One entry a kind of event: adding an envelope is adding an entry. An event that no entry knows is an
// error, never a success with nothing done.

/** An object to forward. */
export interface ObjectReference {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag?: string;
  readonly region?: string;
  /** ISO 8601. */
  readonly eventTime?: string;
}

/** `ignored` ones are done by being read; `broken` ones fail by themselves, without the others. */
export type EventItem = (
  | { readonly kind: 'object'; readonly object: ObjectReference }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'broken'; readonly message: string }
) & {
  /** Of the queue's message that it came in. */
  readonly messageId?: string;
};

type Json = Readonly<Record<string, unknown>>;

interface EventKind {
  matches(event: Json): boolean;
  items(event: Json): EventItem[];
}

const kinds: readonly EventKind[] = [
  {
    // Amazon S3 User Guide, "Event message structure". The key is URL-encoded there.
    matches: (event) => records(event).some((record) => isObject(record) && record['eventSource'] === 'aws:s3'),
    items: (event) => records(event).map(readS3Record),
  },
  {
    // Sent once when a notification is configured; it has no Records (same page).
    matches: (event) => event['Event'] === 's3:TestEvent',
    items: () => [{ kind: 'ignored', reason: 's3:TestEvent' }],
  },
  {
    // Lambda guide, "Using Lambda with Amazon SQS": each body is a message of its own, and fails alone.
    matches: (event) => records(event).some((record) => isObject(record) && record['eventSource'] === 'aws:sqs'),
    items: (event) =>
      records(event).flatMap((record) => {
        const messageId = isObject(record) ? text(record['messageId']) : undefined;
        const items = readMessage(isObject(record) ? record['body'] : undefined);
        return items.map((item) => ({ ...item, ...(messageId !== undefined && { messageId }) }));
      }),
  },
  {
    // Lambda guide, "Using Lambda with Amazon SNS".
    matches: (event) => records(event).some((record) => isObject(record) && record['EventSource'] === 'aws:sns'),
    items: (event) =>
      records(event).flatMap((record) => readMessage(isObject(record) ? child(record, 'Sns')['Message'] : undefined)),
  },
  {
    // Amazon SNS guide, "Parsing Amazon SNS message formats": what a queue behind a topic gets without raw delivery.
    matches: (event) => event['Type'] === 'Notification' && typeof event['Message'] === 'string',
    items: (event) => readMessage(event['Message']),
  },
  {
    // Nobody fetches the URL in it: whoever owns the queue decides what may be published there.
    matches: (event) => /^(Uns|S)ubscriptionConfirmation$/.test(text(event['Type']) ?? ''),
    items: (event) => [{ kind: 'ignored', reason: text(event['Type'])! }],
  },
  {
    // Amazon S3 User Guide, "EventBridge event message structure". The key is not encoded there.
    matches: (event) => event['source'] === 'aws.s3' && isObject(event['detail']),
    items: (event) => [readEventBridgeEvent(event)],
  },
];

/** A text that holds another message. What cannot be read fails by itself. */
function readMessage(message: unknown): EventItem[] {
  try {
    return readEvent(JSON.parse(text(message) ?? ''));
  } catch (error) {
    return [{ kind: 'broken', message: `A message cannot be read: ${(error as Error).message}` }];
  }
}

/** Throws where the event is of no known kind. */
export function readEvent(event: unknown): EventItem[] {
  const kind = isObject(event) ? kinds.find((candidate) => candidate.matches(event)) : undefined;
  if (!kind) {
    const keys = isObject(event) ? Object.keys(event).join(', ') || 'none' : typeof event;
    throw new Error(
      `The event is no S3 notification (its keys: ${keys}). Invoke this function from S3, SQS, SNS or EventBridge.`,
    );
  }
  return kind.items(event as Json);
}

/**
 * A notification's key: `+` is a space, and the rest is percent-encoded UTF-8. A key that is not so encoded (`100%.gz`) is
 * taken as it stands, so that one odd name fails, if it does, alone.
 */
export function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return encoded;
  }
}

function readS3Record(record: unknown): EventItem {
  if (!isObject(record) || record['eventSource'] !== 'aws:s3') {
    return { kind: 'broken', message: 'The event mixes S3 records with others.' };
  }
  // Deletions, restores and tags bring no new lines. `s3:` was part of the name in early versions.
  const name = text(record['eventName']) ?? '';
  if (!/^(s3:)?ObjectCreated:/.test(name)) return { kind: 'ignored', reason: name };
  const s3 = child(record, 's3');
  const bucket = text(child(s3, 'bucket')['name']);
  const object = child(s3, 'object');
  const key = text(object['key']);
  if (!bucket || !key) return { kind: 'broken', message: 'An S3 record names no bucket or no key.' };
  const versionId = text(object['versionId']);
  const etag = text(object['eTag'])?.replaceAll('"', '');
  const region = text(record['awsRegion']);
  const eventTime = text(record['eventTime']);
  return {
    kind: 'object',
    object: {
      bucket,
      key: decodeKey(key),
      ...(versionId && { versionId }),
      ...(etag && { etag }),
      ...(region && { region }),
      ...(eventTime && { eventTime }),
    },
  };
}

function readEventBridgeEvent(event: Json): EventItem {
  const detailType = text(event['detail-type']) ?? '';
  if (detailType !== 'Object Created') return { kind: 'ignored', reason: detailType };
  const detail = child(event, 'detail');
  const bucket = text(child(detail, 'bucket')['name']);
  const object = child(detail, 'object');
  const key = text(object['key']);
  if (!bucket || !key) return { kind: 'broken', message: 'An event of EventBridge names no bucket or no key.' };
  const versionId = text(object['version-id']);
  const etag = text(object['etag'])?.replaceAll('"', '');
  const region = text(event['region']);
  const eventTime = text(event['time']);
  return {
    kind: 'object',
    object: {
      bucket,
      key,
      ...(versionId && { versionId }),
      ...(etag && { etag }),
      ...(region && { region }),
      ...(eventTime && { eventTime }),
    },
  };
}

function records(event: Json): readonly unknown[] {
  const list = event['Records'];
  return Array.isArray(list) ? (list as unknown[]) : [];
}

function child(parent: Json, name: string): Json {
  const value = parent[name];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
