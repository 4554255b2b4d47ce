// What a target finds in its environment: made, never inherited.

import { FlowrigError } from '../core/errors.ts';
import type { EgressAddress, StoreAddress } from '../core/model/trigger.ts';
import type { LambdaEndpointConfig } from '../scenario/endpoint-plan.ts';
import type { Plan } from '../scenario/plan.ts';
import type { TargetConfig } from '../scenario/target-plan.ts';
import { substitute, type Substitutions } from '../scenario/substitution.ts';
import type { SinkUrls } from './sink-thread.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a target finds the queue: the API's address, and the URL of the queue itself. */
export interface QueueAddress {
  readonly endpoint: string;
  readonly url: string;
}

interface RunAddresses {
  readonly address: StoreAddress;
  readonly queues: QueueAddress;
  readonly sink: SinkUrls;
  /** The run's folder. */
  readonly folder: string;
}

/** What `${...}` stands for in this run. */
export function substitutionsOf(plan: Plan, { address, queues, sink: open, folder }: RunAddresses): Substitutions {
  const sink = plan.realName === undefined ? open : urlsOf(plan.realName);
  return {
    'store.endpoint': address.endpoint,
    'store.bucket': plan.store.bucket,
    'store.region': address.region,
    'sqs.queueUrl': queues.url,
    'sink.url': sink.url,
    'sink.jsonUrl': sink.jsonUrl,
    'sink.otlpUrl': sink.otlpUrl,
    'sink.grpcUrl': sink.grpcUrl,
    'sink.key': plan.sink.key,
    'run.folder': folder,
  };
}

/** The addresses of SigNoz Cloud under a real name: one port for all (signoz.io/docs, ingestion/signoz-cloud/overview). */
function urlsOf(host: string): SinkUrls {
  const url = `https://${host}`;
  return { url, jsonUrl: `${url}/logs/json`, otlpUrl: `${url}/v1/logs`, grpcUrl: url };
}

/**
 * How HTTPS leaves a target: by the run's proxy, trusting the run's authority. Python's requests reads its own variable only, curl
 * and botocore theirs; Node takes a proxy from the environment when told to (nodejs.org/api/cli.html, NODE_USE_ENV_PROXY): it then
 * loads its fetch at the start, for 50 ms of CPU and 15 MiB (Node 24.21), which a forwarder that fetches pays anyway. Never
 * HTTP_PROXY: it would send the plain requests to S3 and to the Runtime API there.
 */
export function egressVariables({ proxyUrl, caFile }: EgressAddress): Record<string, string> {
  return {
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    AWS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
  };
}

/** Where a function that was started before the run has to find it, in the words of `${...}`. */
export function endpointSurroundings(plan: Plan, values: Substitutions): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: values['store.endpoint'],
    'sink.jsonUrl': values['sink.jsonUrl'],
    'sink.otlpUrl': values['sink.otlpUrl'],
    'sink.key': plan.sink.key,
  };
}

/**
 * The target's own variables with `${...}` filled in. Our own forwarder is told of the sink, and of a mapping that reads the answer,
 * by its own settings.
 */
export function targetVariables(
  {
    target,
    trigger,
  }: { readonly target: Exclude<TargetConfig, LambdaEndpointConfig>; readonly trigger: Plan['trigger'] },
  values: Substitutions,
  env: Environment,
): Record<string, string> {
  const own =
    target.kind === 'lambda' && target.code === 'builtin:forwarder'
      ? {
          SIGNOZ_ENDPOINT: otlpEndpoint(values['sink.otlpUrl']),
          SIGNOZ_INGESTION_KEY: values['sink.key'],
          ...(trigger.reportBatchItemFailures === true && { BATCH_FAILURES: 'report' }),
        }
      : {};
  const entries = Object.entries(target.env).map(([name, text]): [string, string] => [
    name,
    fillIn(`target.env.${name}`, text, { values, env }),
  ]);
  return { ...own, ...Object.fromEntries(entries) };
}

/** The words of a command with `${...}` filled in. */
export function commandWords(command: readonly string[], values: Substitutions, env: Environment): string[] {
  return command.map((text) => fillIn('target.command', text, { values, env }));
}

function fillIn(place: string, text: string, known: { values: Substitutions; env: Environment }): string {
  try {
    return substitute(text, known.values, known.env);
  } catch (error) {
    throw new FlowrigError('bad-scenario', `${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** Scheme, host and port. In selfhost OTLP has a port of its own, so that `sink.url` alone would lead to the JSON receiver. */
function otlpEndpoint(otlpUrl: string): string {
  return otlpUrl.replace(/\/v1\/logs$/, '');
}
