// Right forwarders in different styles, with what they promise: whatever goes wrong around them, they must never be blamed.

import { setTimeout as sleep } from 'node:timers/promises';

import type { Maker } from './animal.ts';
import { newForwarder, post, rowOf, send, valuesOf, type Row, type Steps, type Table } from './forwarder.ts';

export interface RightAnimal {
  readonly name: string;
  readonly make: Maker;
  readonly promises?: object;
  /** It sends OTLP: faults that only OTLP has words for make sense. */
  readonly sendsOtlp?: true;
}

/** OpenTelemetry's names for some fields, and one attribute a field for the rest (opentelemetry.io, "Semantic conventions"). */
const semanticNames: Readonly<Record<string, string>> = {
  'account-id': 'cloud.account.id',
  srcaddr: 'source.address',
  srcport: 'source.port',
  dstaddr: 'destination.address',
  dstport: 'destination.port',
};

function attributesOf(row: Row): object[] {
  return Object.entries(row)
    .filter(([, value]) => value !== '-')
    .map(([name, value]) => ({
      key: semanticNames[name] ?? `aws.vpc.flow.${name.replaceAll('-', '_')}`,
      value: valueOf(String(value)),
    }));
}

/** Integers as integers, but for ids. */
function valueOf(value: string): object {
  return /^(0|[1-9]\d{0,10})$/.test(value) ? { intValue: value } : { stringValue: value };
}

const sendOtlp: Steps['send'] = async (rows, addresses) => {
  const logRecords = rows.map(({ body: text, ...fields }) => ({
    ...(text === undefined ? {} : { body: { stringValue: text } }),
    attributes: attributesOf(fields),
  }));
  const body = { resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ logRecords }] }] };
  for (let attempt = 1; ; attempt++) {
    const answer = await post(body, { ...addresses, jsonUrl: addresses.otlpUrl }).catch(
      (error: unknown) => error as Error,
    );
    if ('ok' in answer && answer.ok) {
      if (answer.body.includes('rejectedLogRecords')) throw new Error(`SigNoz rejected some: ${answer.body}`);
      return;
    }
    if ('ok' in answer && [400, 413].includes(answer.status)) {
      if (rows.length === 1) throw new Error(`SigNoz refuses this record: ${answer.status}`);
      const half = rows.length >> 1;
      await sendOtlp(rows.slice(0, half), addresses);
      return sendOtlp(rows.slice(half), addresses);
    }
    if (attempt === 10) throw new Error('SigNoz took nothing ten times');
    await sleep(Math.max(20 * attempt, 'ok' in answer ? answer.retryAfterMs : 0));
  }
};

/** Lines that have this value in the field, or another one. */
function linesWith({ names, lines }: Table, field: string, isMeant: (value: string | undefined) => boolean): string[] {
  const column = names.indexOf(field);
  return lines.filter((line) => isMeant(valuesOf(line)[column]));
}

function maskAddresses(line: string, names: readonly string[]): string {
  return valuesOf(line)
    .map((value, column) => (/^(src|dst)addr$/.test(names[column] ?? '') ? '0.0.0.0' : value))
    .join(' ');
}

export const rightAnimals: readonly RightAnimal[] = [
  { name: 'builtin-forwarder', make: { code: 'builtin:forwarder' }, sendsOtlp: true },
  { name: 'flat-json', make: () => newForwarder({ batchSize: 20 }) },
  { name: 'json-with-body-only', make: () => newForwarder({ toRow: (line) => ({ body: line }), batchSize: 30 }) },
  { name: 'one-batch-an-object', make: () => newForwarder({ batchSize: Infinity }) },
  {
    name: 'slow-and-chunky',
    make: () =>
      newForwarder({
        batchSize: 7,
        send: async (rows, addresses) => {
          await sleep(2);
          await send(rows, addresses);
        },
      }),
  },
  { name: 'otlp-with-semantic-names', make: () => newForwarder({ send: sendOtlp, batchSize: 25 }), sendsOtlp: true },
  {
    name: 'rejects-only',
    make: () => newForwarder({ select: (table) => linesWith(table, 'action', (value) => value === 'REJECT') }),
    promises: { keep: 'action = REJECT', nodata: 'drop', skipdata: 'drop' },
  },
  {
    name: 'drops-nodata-and-masks-addresses',
    make: () =>
      newForwarder({
        select: (table) => linesWith(table, 'log-status', (value) => value !== 'NODATA' && value !== 'SKIPDATA'),
        toRow: (line, names) => rowOf(maskAddresses(line, names), names),
      }),
    promises: { nodata: 'drop', skipdata: 'drop', fields: { masked: ['srcaddr', 'dstaddr'] } },
  },
];
