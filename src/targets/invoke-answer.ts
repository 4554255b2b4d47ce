// Reads what the Invoke API answers, Lambda's own and its emulators': what came of the invocation, and the end of its log.

import type { InvocationOutcome } from '../core/model/invocation.ts';

export interface InvokeAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The words of Lambda and of its emulator, which answers with them alone, status 200 and no header. */
const timeoutWords = /Task timed out after [\d.]+ seconds/;

/**
 * A function's failure is status 200 with X-Amz-Function-Error; other statuses are the service's (Lambda API reference, Invoke).
 * The runtime interface emulator never sends that header: only the shape of the body tells (internal/lambda/rie/handlers.go of
 * aws/aws-lambda-runtime-interface-emulator).
 */
export function outcomeOfAnswer({ statusCode, headers, body }: InvokeAnswer): InvocationOutcome {
  const payload = parse(body);
  const { errorType, errorMessage } = fieldsOf(payload);
  const functionError = headers['x-amz-function-error'];
  if (statusCode !== 200) return refusal({ statusCode, headers, body });
  const isShapedAsError = typeof errorType === 'string' && typeof errorMessage === 'string';
  const isTimeout = typeof payload === 'string' && payload === body && timeoutWords.test(payload);
  if (functionError === undefined && !isShapedAsError && !isTimeout) return { status: 'succeeded', payload };
  const message = typeof errorMessage === 'string' ? errorMessage : body;
  if (timeoutWords.test(message)) return { status: 'timed-out', message };
  return { status: 'failed', errorType: String(errorType ?? functionError), message };
}

/** The last 4 KB of the invocation's log, '' where none came: only Lambda itself and LocalStack send it. */
export function logOfAnswer({ headers }: InvokeAnswer): string {
  return Buffer.from(String(headers['x-amz-log-result'] ?? ''), 'base64').toString();
}

/** An error of the service: `ResourceNotFoundException`, `TooManyRequestsException`. */
function refusal({ statusCode, headers, body }: InvokeAnswer): InvocationOutcome {
  const { Message, message, __type } = fieldsOf(parse(body));
  const name = String(headers['x-amzn-errortype'] ?? __type ?? `HTTP ${statusCode}`);
  // As `Name:http://internal.amazon.com/...` (AWS restJson1 protocol, "Operation error serialization").
  const errorType = name.split(':')[0]!;
  const words = String(Message ?? message ?? body);
  return { status: 'failed', errorType, message: `The Invoke API answered ${statusCode}${words && `: ${words}`}` };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
