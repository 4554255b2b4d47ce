// A function behind the Invoke API as the target of a plan: its defaults filled in, its quantities read.

import { parseDurationMs, type Quantity } from '../core/units.ts';

type Mapping = Record<string, unknown>;

/** Where the run listens for a target that was started before it; 0 is any free port. */
export interface FixedPorts {
  readonly s3: number;
  readonly sink: number;
  /** Of OTLP/HTTP, in the edition that has one of its own for it. */
  readonly otlp: number;
}

export interface LambdaEndpointConfig {
  readonly kind: 'lambda-endpoint';
  readonly url: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly ports: FixedPorts;
}

/** MinIO's port, and those of SigNoz's own collector (signoz.io/docs, send-logs-to-signoz over HTTP; OTLP specification, port 4318). */
const defaultPorts: FixedPorts = { s3: 9000, sink: 8082, otlp: 4318 };

export function resolveEndpoint(own: Mapping): Mapping {
  return {
    timeout: '60s',
    concurrency: 1,
    ...own,
    ports: { ...defaultPorts, ...(own['ports'] as Mapping | undefined) },
  };
}

export function planEndpoint(target: Mapping): LambdaEndpointConfig {
  return {
    kind: 'lambda-endpoint',
    url: String(target['url']),
    functionName: String(target['function']),
    timeoutMs: parseDurationMs(target['timeout'] as Quantity)!,
    concurrency: Number(target['concurrency']),
    ports: target['ports'] as FixedPorts,
  };
}
