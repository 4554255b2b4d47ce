// A function that somebody else runs, behind AWS's Invoke API. It invokes and tells what came of it; limits, freezing and the
// environment are the matter of whoever runs it, so the run listens where the function was told to look.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { Agent, request } from 'undici';

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { InvocationOutcome } from '../core/model/invocation.ts';
import type { InvocationResult, Target, TargetEvent } from '../core/model/trigger.ts';
import { isListening } from './command-ready.ts';
import { logOfAnswer, outcomeOfAnswer, type InvokeAnswer } from './invoke-answer.ts';

export interface LambdaEndpointOptions {
  /** Scheme, host and port. */
  readonly url: string;
  readonly functionName: string;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Where this run is, by name: what whoever starts the function has to tell it. */
  readonly surroundings: Readonly<Record<string, string>>;
  /** The run's folder: target.log goes there. */
  readonly folder: string;
  readonly clock: Clock;
}

/** Rejects with a FlowrigError where nothing listens at the URL. Nothing is invoked to find that out: emulators know no DryRun. */
export async function openLambdaEndpoint(options: LambdaEndpointOptions): Promise<Target> {
  const { url, surroundings } = options;
  const told = Object.entries(surroundings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  if (!(await listensAt(new URL(url)))) {
    const message = `target.url: nothing listens at ${url}. Start the function there, and lead it by its own variables to this run: ${told}`;
    throw new FlowrigError('environment-missing', message);
  }
  const endpoint = new Endpoint(options);
  return {
    kind: 'lambda-endpoint',
    drive: 'invoked',
    concurrency: options.concurrency,
    notes: [`the function at ${url} keeps the environment that it was started with; this run is at ${told}`],
    invoke: (event, signal) => endpoint.invoke(event, signal),
    runningCount: () => endpoint.running,
    // Its processes are not ours.
    resources: () => undefined,
    [Symbol.asyncDispose]: () => endpoint.close(),
  };
}

function listensAt({ protocol, hostname, port }: URL): Promise<boolean> {
  const usual = protocol === 'https:' ? 443 : 80;
  return isListening(port === '' ? usual : Number(port), hostname.replace(/^\[(.*)\]$/, '$1'));
}

class Endpoint {
  readonly #options: LambdaEndpointOptions;
  /** An answer takes as long as the function does: the time limit is ours, not the client's. */
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  readonly #log: number;
  #closed: Promise<void> | undefined;
  running = 0;

  constructor(options: LambdaEndpointOptions) {
    this.#options = options;
    this.#log = openSync(join(options.folder, 'target.log'), 'a', 0o600);
  }

  async invoke({ requestId, payload }: TargetEvent, signal: AbortSignal): Promise<InvocationResult> {
    const { clock, timeoutMs } = this.#options;
    const startedMs = clock.nowMs();
    this.running++;
    const over = new AbortController();
    const limit = new AbortController();
    clock.machineSleep(timeoutMs, over.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    let log = '';
    let outcome: InvocationOutcome;
    try {
      const answer = await this.#post(requestId, JSON.stringify(payload), AbortSignal.any([signal, limit.signal]));
      log = logOfAnswer(answer);
      outcome = outcomeOfAnswer(answer);
    } catch (error) {
      outcome = signal.aborted
        ? interrupted
        : limit.signal.aborted
          ? this.#timedOut(requestId)
          : this.#unanswered(error);
    }
    over.abort();
    this.running--;
    if (outcome.status !== 'succeeded') log += `${requestId} ${outcome.message}\n`;
    writeSync(this.#log, log);
    // Nothing else tells: Lambda's REPORT line has it where the invocation began with an init.
    return { outcome, startedMs, endedMs: clock.nowMs(), cold: log.includes('\tInit Duration: ') };
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#agent.destroy().then(() => closeSync(this.#log)));
  }

  /** Lambda API reference, Invoke. The emulator takes the request id from the request (aws-lambda-rie, internal/lambda/rie/handlers.go). */
  async #post(requestId: string, body: string, signal: AbortSignal): Promise<InvokeAnswer> {
    const { url, functionName } = this.#options;
    const path = `2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
    const answer = await request(new URL(path, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-amz-invocation-type': 'RequestResponse',
        'x-amz-log-type': 'Tail',
        'x-amzn-requestid': requestId,
      },
      body,
      signal,
      dispatcher: this.#agent,
    });
    return { statusCode: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
  }

  #timedOut(requestId: string): InvocationOutcome {
    const { url, timeoutMs } = this.#options;
    return { status: 'timed-out', message: `${requestId} ${url} gave no answer within ${timeoutMs / 1000} seconds` };
  }

  #unanswered(error: unknown): InvocationOutcome {
    const { message, code } = error as Error & { readonly code?: string };
    const reason = `${this.#options.url} gave no answer: ${message || code}`;
    return { status: 'failed', errorType: code ?? 'Endpoint.NoAnswer', message: reason };
  }
}

const interrupted: InvocationOutcome = {
  status: 'failed',
  errorType: 'Interrupted',
  message: 'The run was interrupted.',
};
