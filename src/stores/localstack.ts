// LocalStack as the store: one that runs already, or one that Docker starts for the run and that goes with it.

import { Type } from 'typebox';

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { Kind } from '../core/kind.ts';
import type { Store } from '../core/model/trigger.ts';
import { openInScope } from '../core/scope.ts';
import { endpointPattern, remoteSchemas } from './endpoint.ts';
import type { LocalstackImage } from './localstack-container.ts';
import { openRemoteStore } from './remote.ts';

/** The last version that asks for no account (hub.docker.com/r/localstack/localstack; blog.localstack.cloud, 2026 pricing changes). */
export const defaultLocalstackImage = 'localstack/localstack:4.14.0';

/** Of its health endpoint (docs.localstack.cloud, "Internal endpoints"). */
const healthLimitMs = 10_000;

export interface LocalstackOptions extends LocalstackImage {
  readonly clock: Clock;
  readonly region: string;
  /** Where it runs already; otherwise Docker starts the image. */
  readonly endpoint?: string;
}

/** Rejects with a FlowrigError where nobody answers, or where Docker or the image is not to be had. */
export function openLocalstack(options: LocalstackOptions): Promise<Store> {
  return openInScope(async (scope) => {
    let { endpoint } = options;
    if (endpoint === undefined) {
      const { startLocalstack } = await import('./localstack-container.ts');
      endpoint = await startLocalstack(options, scope);
    } else await checkHealth(endpoint);
    const { clock, region } = options;
    // The credentials that LocalStack's documentation writes: they lead to the account 000000000000.
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'flowrig-session-token' };
    const store = await openRemoteStore({ clock, region, endpoint, ...credentials });
    scope.use(store);
    return {
      ...store,
      async openNotifications(bucket) {
        const { openNotificationQueue } = await import('./notification-queue.ts');
        return openNotificationQueue(store.address, bucket);
      },
      [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
    };
  });
}

async function checkHealth(endpoint: string): Promise<void> {
  const url = new URL('/_localstack/health', endpoint);
  let reason: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(healthLimitMs) });
    await response.body?.cancel();
    if (response.ok) return;
    reason = `it answers ${response.status}`;
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    reason = cause?.code ?? (error as Error).message;
  }
  const message = `store.endpoint: no LocalStack answers at ${url.href} (${reason}). Start it, or leave endpoint and LOCALSTACK_ENDPOINT out and Docker starts one.`;
  throw new FlowrigError('environment-missing', message);
}

const config = Type.Object(
  {
    kind: Type.Literal('localstack'),
    ...remoteSchemas,
    endpoint: Type.Optional(
      Type.String({
        pattern: endpointPattern,
        description:
          'Where it runs already. Without it the variable LOCALSTACK_ENDPOINT is looked at, and then Docker starts one for the run.',
        examples: ['http://127.0.0.1:4566'],
      }),
    ),
    image: Type.Optional(
      Type.String({
        minLength: 1,
        default: defaultLocalstackImage,
        description: `The image that Docker starts, with its tag. LOCALSTACK_AUTH_TOKEN is passed on to it. Default: ${defaultLocalstackImage}, the last that asks for no account.`,
        examples: [defaultLocalstackImage],
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'LocalStack: one that runs already, or one that Docker starts for the run.',
    examples: [{ kind: 'localstack' }, { kind: 'localstack', endpoint: 'http://127.0.0.1:4566' }],
  },
);

export const localstack: Kind<typeof config, LocalstackOptions, Store> = {
  kind: 'localstack',
  summary: 'LocalStack: one that runs already (endpoint, LOCALSTACK_ENDPOINT), or one that Docker starts for the run.',
  config,
  open: (_config, options) => openLocalstack(options),
};
