// The query protocol of the SQS API, which SDKs before 2023 speak: a form with numbered parameters in, XML out (SQS guide, "Making
// query API requests"). It is turned into what the JSON protocol says, and back.

import type { Json } from './input.ts';
import type { MessageAttribute } from './message-attributes.ts';

export interface QueryRequest {
  readonly action: string;
  readonly input: Json;
}

type Mutable = Record<string, unknown>;

/** Lists and maps of the protocol, flattened in forms: prefix to the name that the JSON protocol has for it. */
const lists: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};

/** `path` may be that of a queue's URL; then it names the queue. */
export function readQuery(form: string, path: string): QueryRequest {
  const input: Mutable = {};
  let action = '';
  for (const [name, value] of new URLSearchParams(form)) {
    if (name === 'Action') action = value;
    else if (name !== 'Version') put(input, name.split('.'), value);
  }
  if (input['QueueUrl'] === undefined && path !== '/') input['QueueUrl'] = path;
  return { action, input };
}

function put(into: Mutable, [first, index, ...rest]: string[], value: string): void {
  if (index === undefined) {
    into[first!] = value;
  } else if (first === 'MessageAttribute') {
    const attributes = (into['MessageAttributes'] ??= {}) as Record<string, Mutable>;
    putAttribute(into, attributes, { index, rest, value });
  } else {
    const list = (into[lists[first!] ?? first!] ??= []) as unknown[];
    const place = Number(index) - 1;
    if (rest.length === 0) list[place] = value;
    else put((list[place] ??= {}) as Mutable, rest, value);
  }
}

/** Names come as values of their own: `MessageAttribute.1.Name=a`, `MessageAttribute.1.Value.DataType=String`. */
function putAttribute(
  into: Mutable,
  attributes: Record<string, Mutable>,
  { index, rest, value }: { index: string; rest: string[]; value: string },
): void {
  // By a symbol, so that it is never taken for a parameter.
  const names = ((into as Record<symbol, unknown>)[attributeNames] ??= new Map()) as Map<string, string>;
  if (rest[0] === 'Name') {
    const unnamed = attributes[`#${index}`];
    delete attributes[`#${index}`];
    names.set(index, value);
    attributes[value] = { ...unnamed };
  } else {
    const attribute = (attributes[names.get(index) ?? `#${index}`] ??= {});
    attribute[rest.at(-1)!] = value;
  }
}

const attributeNames = Symbol('names of attributes by index');

/** Flattened lists have no element around them: each item stands for itself under a name of its own. */
const itemNames: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Failed: 'BatchResultErrorEntry',
};

export function writeQueryAnswer(action: string, output: Json, requestId: string): string {
  const names = { ...itemNames, Successful: `${action}ResultEntry` };
  const content = Object.entries(output).map(([name, value]) => element(name, value, names));
  const result = content.length === 0 ? '' : `<${action}Result>${content.join('')}</${action}Result>`;
  return document(
    `${action}Response`,
    `${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`,
  );
}

export function writeQueryError({ code, message }: { code: string; message: string }, requestId: string): string {
  const error = `<Error><Type>Sender</Type><Code>${escape(code)}</Code><Message>${escape(message)}</Message><Detail/></Error>`;
  return document('ErrorResponse', `${error}<RequestId>${requestId}</RequestId>`);
}

function document(root: string, content: string): string {
  return `<?xml version="1.0"?><${root} xmlns="http://queue.amazonaws.com/doc/2012-11-05/">${content}</${root}>`;
}

function element(name: string, value: unknown, names: Readonly<Record<string, string>>): string {
  if (Array.isArray(value)) return value.map((item) => element(names[name] ?? name, item, names)).join('');
  if (name === 'Attributes')
    return pairs('Attribute', value as Json, (text) => `<Value>${escape(String(text))}</Value>`);
  if (name === 'MessageAttributes') return pairs('MessageAttribute', value as Json, attributeValue);
  if (typeof value !== 'object' || value === null) return `<${name}>${escape(String(value))}</${name}>`;
  const content = Object.entries(value).map(([key, inner]) => element(key, inner, names));
  return `<${name}>${content.join('')}</${name}>`;
}

function pairs(name: string, map: Json, show: (value: unknown) => string): string {
  return Object.entries(map)
    .map(([key, value]) => `<${name}><Name>${escape(key)}</Name>${show(value)}</${name}>`)
    .join('');
}

function attributeValue(attribute: unknown): string {
  const parts = Object.entries(attribute as MessageAttribute);
  return `<Value>${parts.map(([key, text]) => `<${key}>${escape(text as string)}</${key}>`).join('')}</Value>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => entities[character]!);
}
