// Notification configurations of buckets, as XML and as what they ask for: "Amazon S3 Event Notifications" and "Configuring event
// notifications using object key name filtering", Amazon S3 User Guide.

import type { XmlElement } from '@rgrove/parse-xml';

import type { BucketNotice } from '../../core/model/trigger.ts';
import { S3Error } from './errors.ts';
import { childElements, childText, readXml } from './xml.ts';

/** Something that a destination is to be told. */
export interface Notice extends BucketNotice {
  readonly destinationArn: string;
  readonly configurationId: string;
}

/** Where notices go. */
export interface NotificationTargets {
  /** Whether there is such a destination, and S3 may send to it: an ARN, or `eventBridge`. */
  takes(arn: string): boolean;
  send(notice: Notice): void;
}

/** Happenings that match go to the destination. */
export interface NotificationRule {
  readonly id: string;
  readonly destinationArn: string;
  /** As written, like `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** Element of a rule to the element that holds its destination. */
const destinations: Readonly<Record<string, string>> = {
  TopicConfiguration: 'Topic',
  QueueConfiguration: 'Queue',
  CloudFunctionConfiguration: 'CloudFunction',
};

/** Stands for an ARN: what was configured says that EventBridge is told all, and no more. */
export const eventBridge = 'EventBridge';

const eventNames = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
];

/** Throws what S3 answers to a configuration that is none, and refuses by name what this one does not send. */
export function readNotification(xml: string): NotificationRule[] {
  if (xml === '') return [];
  const rules = childElements(readXml(xml, 'NotificationConfiguration')).map((element, index) =>
    readRule(element, index),
  );
  const filtered = rules.filter(({ destinationArn }) => destinationArn !== eventBridge);
  for (const [index, rule] of filtered.entries()) {
    const other = filtered.slice(0, index).find((each) => overlap(each, rule));
    if (other) {
      const message = 'Configurations overlap. Configurations on the same bucket cannot share a common event type.';
      throw new S3Error('InvalidArgument', { message, details: { ArgumentName: rule.id, ArgumentValue: other.id } });
    }
  }
  return rules;
}

/** Without `s3:`, like `ObjectCreated:Put`. */
export function matchesRule(rule: NotificationRule, eventName: string, key: string): boolean {
  const isAsked = rule.events.some((event) => covers(event, `s3:${eventName}`));
  return isAsked && key.startsWith(rule.prefix) && key.endsWith(rule.suffix);
}

function readRule(element: XmlElement, index: number): NotificationRule {
  if (element.name === 'EventBridgeConfiguration') {
    return { id: eventBridge, destinationArn: eventBridge, events: ['s3:*'], prefix: '', suffix: '' };
  }
  const holder = destinations[element.name];
  if (holder === undefined) throw new S3Error('MalformedXML');
  const destinationArn = childText(element, holder);
  const events = childElements(element)
    .filter(({ name }) => name === 'Event')
    .map(({ text }) => text.trim());
  if (destinationArn === undefined || events.length === 0) throw new S3Error('MalformedXML');
  for (const event of events) {
    if (eventNames.includes(event)) continue;
    throw new S3Error('NotImplemented', {
      message: `The embedded S3 does not send the event ${event}.`,
      details: { ArgumentName: 'Event', ArgumentValue: event },
    });
  }
  const id = childText(element, 'Id') ?? `rule-${index + 1}`;
  return { id, destinationArn, events, ...readFilter(element) };
}

function readFilter(element: XmlElement): Pick<NotificationRule, 'prefix' | 'suffix'> {
  const filter = { prefix: '', suffix: '' };
  const keys = childElements(element)
    .filter(({ name }) => name === 'Filter')
    .flatMap((child) => childElements(child));
  for (const rule of keys.flatMap((child) => childElements(child))) {
    const [name, value] = [childText(rule, 'Name')?.toLowerCase(), childText(rule, 'Value')];
    if ((name !== 'prefix' && name !== 'suffix') || value === undefined) {
      throw new S3Error('InvalidArgument', { message: 'filter rule name must be either prefix or suffix' });
    }
    filter[name] = value;
  }
  return filter;
}

function covers(asked: string, event: string): boolean {
  return asked.endsWith('*') ? event.startsWith(asked.slice(0, -1)) : asked === event;
}

/** Two rules that one event could match are refused: S3 sends an event to one destination only. */
function overlap(a: NotificationRule, b: NotificationRule): boolean {
  const sharesEvent = a.events.some((one) => b.events.some((other) => covers(one, other) || covers(other, one)));
  const sharesPrefix = a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);
  const sharesSuffix = a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix);
  return sharesEvent && sharesPrefix && sharesSuffix;
}
