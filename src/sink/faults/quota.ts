// A limit of the key's, per second or per day. SigNoz has such limits by size and by count (signoz.io/docs, ingestion/signoz-cloud/
// keys; SigNoz/signoz, pkg/types/gatewaytypes/ingestionkey.go), says that data beyond them is dropped, and documents no status for
// it: so the answer is for you to choose. This fault counts time by nature: what it strikes depends on when requests come.

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { armedSchemas, faultSchema, oneWord, sinkFault, type FaultEffect, type FaultRequest } from './kind.ts';

interface QuotaConfig {
  readonly requests?: number;
  readonly records?: number;
  readonly sizeBytes?: number;
  readonly per?: 'second' | 'day';
  readonly answer?: 429 | 500 | 'drop';
  readonly retryAfter?: boolean;
}

const measures = ['requests', 'records', 'size'] as const;
const dayMs = 24 * 3600 * 1000;

export const quotaFault = sinkFault<QuotaConfig>({
  kind: 'sink.quota',
  summary: 'limits requests, records or bytes per second or per day; beyond that it refuses or drops',
  config: faultSchema('sink.quota', 'The key has a limit.', {
    requests: Type.Optional(quantity('count', 'Requests that pass.', { examples: [10], positive: true })),
    records: Type.Optional(quantity('count', 'Records that pass.', { examples: ['5k'], positive: true })),
    size: Type.Optional(quantity('size', 'Bytes of decoded bodies that pass.', { examples: ['1MiB'], positive: true })),
    per: oneWord('The time that the limit is for; a day ends at midnight, UTC.', ['second', 'day']),
    answer: oneWord('To a request beyond the limit: 429 (the default), 500, or a 200 behind which it is dropped.', [
      429,
      500,
      'drop',
    ]),
    retryAfter: Type.Optional(
      Type.Boolean({ description: 'Whether a 429 says when to come again; it does not by default.', examples: [true] }),
    ),
    ...armedSchemas,
  }),
  mistake(fault) {
    const given = measures.filter((measure) => fault[measure] !== undefined);
    if (given.length === 1) return undefined;
    const problem = given.length === 0 ? 'It has no limit' : `It has several limits (${given.join(', ')})`;
    return `sink.quota: ${problem}; write one of requests, records and size.`;
  },
  open(config) {
    const limit = config.requests ?? config.records ?? config.sizeBytes ?? Infinity;
    const { per = 'second' } = config;
    const allowance = per === 'second' ? perSecond(limit) : perDay(limit);
    return {
      strike(request) {
        const waitMs = allowance.take(costOf(config, request), request.atMs);
        return waitMs === undefined ? undefined : effectOf(config, waitMs);
      },
    };
  },
});

function costOf(config: QuotaConfig, { decoded, decodedBytes }: FaultRequest): number {
  if (config.requests !== undefined) return 1;
  return config.records === undefined ? decodedBytes : decoded.recordCount;
}

function effectOf({ answer = 429, retryAfter = false }: QuotaConfig, waitMs: number): FaultEffect {
  if (answer === 'drop') return { answer: { statusCode: 200 }, keeps: false };
  const hint = answer === 429 && retryAfter ? { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) } : {};
  return { answer: { statusCode: answer, headers: hint } };
}

interface Allowance {
  /** Undefined where it passes, else how long until something passes again. */
  take(cost: number, atMs: number): number | undefined;
}

/** A bucket of one second's worth. What is larger than that takes a full bucket, and those behind it wait until it is paid off. */
function perSecond(limit: number): Allowance {
  let left = limit;
  let filledMs = -Infinity;
  return {
    take(cost, atMs) {
      left = Math.min(limit, left + (Math.max(0, atMs - filledMs) / 1000) * limit);
      filledMs = atMs;
      const needed = Math.min(cost, limit);
      if (left < needed) return ((needed - left) / limit) * 1000;
      left -= cost;
      return undefined;
    },
  };
}

function perDay(limit: number): Allowance {
  let day = -Infinity;
  let used = 0;
  return {
    take(cost, atMs) {
      const today = Math.floor(atMs / dayMs);
      if (today !== day) used = 0;
      day = today;
      if (used >= limit) return (today + 1) * dayMs - atMs;
      used += cost;
      return undefined;
    },
  };
}
