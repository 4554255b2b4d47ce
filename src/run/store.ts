// Opens the store that a plan names.

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Store, StoreNotifications, StoreRequest } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import type { Plan } from '../scenario/plan.ts';
import { substituteEnvironment } from '../scenario/substitution.ts';
import type { NotificationTargets } from '../stores/embedded/notification.ts';
import { openEmbeddedStore } from '../stores/embedded/index.ts';
import type { StoreFaultOptions } from '../stores/embedded/options.ts';
import { openLocalstack } from '../stores/localstack.ts';
import { openRemoteStore } from '../stores/remote.ts';
import { triggers } from '../triggers/index.ts';

/** Objects beyond this spill to files, so that a run of any size keeps the rig's memory flat. */
const embeddedMemoryBytes = 16 * 1024 ** 2;

export interface StoreNeeds {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly env: Host['env'];
  /** Where the embedded S3 keeps what does not fit into memory. */
  readonly folder: string;
  /** Where the embedded S3 listens. */
  readonly port?: number;
  /** Where the bucket's own notification configuration may lead, at the embedded S3. */
  readonly notifications: NotificationTargets;
  /** What goes wrong at the embedded S3. */
  readonly faults?: StoreFaultOptions;
  /** Sees every request to the embedded S3. */
  readonly onRequest?: (request: StoreRequest) => void;
}

export async function openPlannedStore({ store }: Plan, needs: StoreNeeds): Promise<Store> {
  const { clock, env, ...own } = needs;
  switch (store.kind) {
    case 'embedded':
      return openEmbeddedStore({ clock, memoryBytes: embeddedMemoryBytes, ...own });
    case 'localstack': {
      const { region, image } = store;
      const endpoint = store.endpoint ?? endpointOf(env);
      const authToken = env['LOCALSTACK_AUTH_TOKEN'];
      return openLocalstack({
        clock,
        region,
        image,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(authToken === undefined ? {} : { authToken }),
      });
    }
    case 'endpoint': {
      const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = store;
      return openRemoteStore({
        clock,
        endpoint,
        region,
        accessKeyId: substituteEnvironment(accessKeyId, env),
        secretAccessKey: substituteEnvironment(secretAccessKey, env),
        ...(sessionToken === undefined ? {} : { sessionToken: substituteEnvironment(sessionToken, env) }),
      });
    }
  }
}

/** What the store itself sends, where the trigger hands that on. Where it can be read no longer the run cannot go on. */
export async function openNotifications(
  { trigger, store: { bucket } }: Plan,
  store: Store,
  failing: AbortController,
): Promise<StoreNotifications | undefined> {
  if (triggers.find(({ kind }) => kind === trigger.kind)?.sender !== 'store') return undefined;
  const notifications = await store.openNotifications?.(bucket);
  return (
    notifications && {
      ...notifications,
      async receive(signal) {
        try {
          return await notifications.receive(signal);
        } catch (cause) {
          if (!signal.aborted) failing.abort(gone(cause as Error));
          throw cause;
        }
      },
    }
  );
}

function gone(cause: Error): FlowrigError {
  const message = `store.kind: the store's own queue cannot be read any more (${cause.message}). Look at its log, and run again.`;
  return new FlowrigError('environment-missing', message, { cause });
}

/** A LocalStack that the user's environment names; empty is as good as unset. */
function endpointOf(env: Host['env']): string | undefined {
  const said = env['LOCALSTACK_ENDPOINT'];
  if (said === undefined || said === '') return undefined;
  if (/^http:\/\/[^/@?#]+\/?$/.test(said)) return said;
  const message = `LOCALSTACK_ENDPOINT: "${said}" is no address of plain HTTP. Write it like http://127.0.0.1:4566.`;
  throw new FlowrigError('environment-missing', message);
}
