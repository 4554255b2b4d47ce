// The Lambda function: forwards VPC Flow Logs from S3 to SigNoz. The only file that touches the process, its clock, its timers and
// its randomness; the rest gets them from here. Made once a sandbox, at cold start, where a wrong setting fails the init.

import { S3Client } from '@aws-sdk/client-s3';
import { readConfig } from './config.ts';
import { createForwarder, type Forwarded, type Forwarder } from './forwarder.ts';
import { openPoster } from './post.ts';
import type { Surroundings } from './surroundings.ts';

/** Put in by the bundler from package.json. */
declare const forwarderVersion: string;

/** What of Lambda's context is used. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

function openForwarder(env: NodeJS.ProcessEnv): Forwarder {
  const surroundings: Surroundings = {
    nowMs: () => Date.now(),
    parseTimeMs: (text) => Date.parse(text),
    random: () => Math.random(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    // Not console.log: Lambda's puts the time and the request's id before each line, and CloudWatch reads metrics from pure JSON only.
    log: (line) => void process.stdout.write(`${line}\n`),
  };
  const config = readConfig(env);
  const version = forwarderVersion;
  const poster = openPoster({
    url: config.logsUrl,
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'user-agent': `flowrig-forwarder/${version}`,
      ...(config.ingestionKey !== undefined && { 'signoz-ingestion-key': config.ingestionKey }),
    },
    surroundings,
    maxConnections: config.inFlight,
    env,
  });
  return createForwarder({
    config,
    s3: openS3(env),
    poster,
    surroundings,
    version,
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'flowrig-forwarder',
  });
}

function openS3(env: NodeJS.ProcessEnv): S3Client {
  return new S3Client({
    // Stores that stand in for S3 are reached by one name; their buckets have no names of their own in DNS.
    forcePathStyle: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined,
    followRegionRedirects: true,
    maxAttempts: 4,
    // The client's checksum stream hides broken bodies (aws/aws-sdk-js-v3 issue 8098). Length and gzip's own CRC are checked here.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

const forward = openForwarder(process.env);

/** Rejects when anything was not delivered: AWS then retries the event. */
export function handler(event: unknown, context: LambdaContext): Promise<Forwarded> {
  return forward(event, context.getRemainingTimeInMillis());
}
