// Parameters of an action, read strictly: what the service would refuse is refused here with its code.

import { QueueError } from './errors.ts';
import type { MessageAttribute, MessageAttributes } from './message-attributes.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A message may have 1 MiB, attributes included, and so may all of one batch (SQS guide, "Amazon SQS message quotas"). */
export const maxMessageBytes = 1024 ** 2;

export function textOf(input: Json, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new QueueError('MissingParameter', `The request must contain the parameter ${name}.`);
}

/** A whole number in the range; undefined where the client leaves it open. */
export function numberOf(input: Json, name: string, [least, most]: readonly [number, number]): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  const reason = `Must be between ${least} and ${most}, if provided.`;
  throw new QueueError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}

export function textsOf(input: Json, name: string): string[] {
  const value = input[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function bodyOf(input: Json): string {
  const body = textOf(input, 'MessageBody');
  if (messageBytes(input) <= maxMessageBytes) return body;
  const reason = `Message must be shorter than ${maxMessageBytes} bytes.`;
  throw new QueueError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
}

/** Of its body, and of the names, types and values of its attributes (SQS guide, "Amazon SQS message metadata"). */
function messageBytes({ MessageBody, MessageAttributes }: Json): number {
  const attributes = Object.entries((MessageAttributes ?? {}) as Record<string, MessageAttribute>);
  const bytes = (text: unknown): number => Buffer.byteLength(typeof text === 'string' ? text : '');
  return attributes.reduce((sum, [name, { DataType, StringValue, BinaryValue }]) => {
    const value = bytes(StringValue) + Buffer.from(BinaryValue ?? '', 'base64').length;
    return sum + bytes(name) + bytes(DataType) + value;
  }, bytes(MessageBody));
}

/** What goes into one batch is refused as a whole where it is too much. */
export function checkBatchSize(entries: readonly Json[]): void {
  const sizeBytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
  if (sizeBytes <= maxMessageBytes) return;
  const message = `Batch requests cannot be longer than ${maxMessageBytes} bytes. You have sent ${sizeBytes} bytes.`;
  throw new QueueError('BatchRequestTooLong', message);
}

export function attributesOf(input: Json): MessageAttributes {
  const attributes = (input['MessageAttributes'] ?? {}) as Record<string, MessageAttribute>;
  for (const [name, { DataType }] of Object.entries(attributes)) {
    if (/^(String|Number|Binary)(\..+)?$/.test(DataType ?? '')) continue;
    const message = `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`;
    throw new QueueError('InvalidParameterValue', message);
  }
  return attributes;
}

/** Entries of a batch: one to ten, with ids of their own. */
export function entriesOf(input: Json): (Json & { readonly Id: string })[] {
  const entries = (input['Entries'] ?? []) as (Json & { readonly Id: string })[];
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new QueueError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > 10) {
    const message = `Maximum number of entries per request are 10. You have sent ${entries.length}.`;
    throw new QueueError('TooManyEntriesInBatchRequest', message);
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (ids.has(Id)) throw new QueueError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
  return entries;
}
