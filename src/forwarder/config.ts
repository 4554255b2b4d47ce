// The settings, read once at cold start. All mistakes are told in one message, and Lambda reports it as the error of the init.

import { defaultFormat } from './fields.ts';
import { isHeader } from './plan.ts';

export interface Config {
  /** `SIGNOZ_ENDPOINT` (scheme, host, port) with the path of OTLP/HTTP. */
  readonly logsUrl: URL;
  /** `SIGNOZ_INGESTION_KEY`; a self-hosted SigNoz needs none. */
  readonly ingestionKey: string | undefined;
  /** `BODY`: whether records carry the line as it stood in the file. */
  readonly body: 'raw' | 'none';
  /** `TIMESTAMP`: the flow-log field that becomes the record's own time. */
  readonly timestamp: 'end' | 'start';
  /** `DEFAULT_FORMAT`: fields of the lines in a file that has no header, separated by spaces. */
  readonly defaultFormat: readonly string[];
  /** `BATCH_MAX_BYTES`: uncompressed. A single longer record still goes, alone. */
  readonly batchMaxBytes: number;
  /** `BATCH_MAX_RECORDS`. */
  readonly batchMaxRecords: number;
  /** `INFLIGHT`: requests that may be open at once. */
  readonly inFlight: number;
  /** `REQUEST_TIMEOUT_MS`: of one attempt, from its first byte to the end of the answer. */
  readonly requestTimeoutMs: number;
  /** `MAX_ATTEMPTS`: tries of one request. */
  readonly maxAttempts: number;
  /**
   * `BATCH_FAILURES`: how failed messages of a queue are told. `report` names them in the answer, for a mapping that has
   * ReportBatchItemFailures; any other would take the answer for success, and delete them.
   */
  readonly batchFailures: 'throw' | 'report';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws one Error that names every wrong setting, its value, and what would be right. */
export function readConfig(env: Environment): Config {
  const mistakes: string[] = [];
  const reader = settingReader(env, mistakes);
  const memoryMb = reader.whole('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 1024, { min: 1, max: 1_000_000 });
  const config = {
    logsUrl: readEndpoint(env['SIGNOZ_ENDPOINT'], mistakes),
    ingestionKey: readKey(env, mistakes),
    body: reader.word('BODY', ['raw', 'none']),
    timestamp: reader.word('TIMESTAMP', ['end', 'start']),
    defaultFormat: readFormat(env['DEFAULT_FORMAT'], mistakes),
    // SigNoz Cloud refuses bodies over 16 MB and the OpenTelemetry Collector those over 20 MiB, before and after inflation.
    batchMaxBytes: reader.whole('BATCH_MAX_BYTES', 4 * 1024 * 1024, { min: 1024, max: 15_000_000 }),
    batchMaxRecords: reader.whole('BATCH_MAX_RECORDS', 5000, { min: 1, max: 100_000 }),
    inFlight: reader.whole('INFLIGHT', memoryMb < 512 ? 2 : 4, { min: 1, max: 16 }),
    requestTimeoutMs: reader.whole('REQUEST_TIMEOUT_MS', 30_000, { min: 100, max: 900_000 }),
    maxAttempts: reader.whole('MAX_ATTEMPTS', 6, { min: 1, max: 20 }),
    batchFailures: reader.word('BATCH_FAILURES', ['throw', 'report']),
  };
  if (mistakes.length > 0) throw new Error(`The forwarder's settings are wrong. ${mistakes.join(' ')}`);
  return config;
}

function settingReader(
  env: Environment,
  mistakes: string[],
): {
  word<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word;
  whole(name: string, otherwise: number, range: { min: number; max: number }): number;
} {
  return {
    word(name, words) {
      const value = env[name] ?? words[0];
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) mistakes.push(`${name} is "${value}"; it must be ${words.join(' or ')}.`);
      return word ?? words[0];
    },
    whole(name, otherwise, { min, max }) {
      const text = env[name];
      if (text === undefined) return otherwise;
      const value = /^\d+$/.test(text) ? Number(text) : NaN;
      if (!(value >= min && value <= max)) {
        mistakes.push(`${name} is "${text}"; it must be a whole number from ${min} to ${max}.`);
      }
      return value;
    },
  };
}

function readEndpoint(text: string | undefined, mistakes: string[]): URL {
  const example = 'such as https://ingest.us.signoz.cloud:443';
  const url = text === undefined ? null : URL.parse(text);
  if (text === undefined) mistakes.push(`SIGNOZ_ENDPOINT is not set; it must be scheme, host and port, ${example}.`);
  else if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.username !== ''
  ) {
    mistakes.push(`SIGNOZ_ENDPOINT is "${text}"; it must be scheme, host and port without a path, ${example}.`);
  }
  // Exactly this path: SigNoz answers 404 to `/v1/logs/` (signoz.io docs, "Logs data not appearing").
  return new URL('/v1/logs', url ?? 'http://unset.invalid');
}

function readFormat(text: string | undefined, mistakes: string[]): readonly string[] {
  if (text === undefined) return defaultFormat;
  const names = text.trim().split(/\s+/);
  if (!isHeader(names)) mistakes.push(`DEFAULT_FORMAT is "${text}"; it must be field names separated by spaces.`);
  return names;
}

function readKey(env: Environment, mistakes: string[]): string | undefined {
  const key = env['SIGNOZ_INGESTION_KEY']?.trim();
  if (!key) {
    if (/\.signoz\.cloud(:\d+)?\/?$/.test(env['SIGNOZ_ENDPOINT'] ?? '')) {
      mistakes.push('SIGNOZ_INGESTION_KEY is not set; SigNoz Cloud takes nothing without it.');
    }
    return undefined;
  }
  // The value is a secret: it is not repeated in the message.
  if (!/^[\x21-\x7e]+$/.test(key)) mistakes.push('SIGNOZ_INGESTION_KEY holds characters that no HTTP header may hold.');
  return key;
}
