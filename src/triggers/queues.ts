// The queues of a run and their HTTP server: the one that a trigger fills, and its dead-letter queue. They are there before the
// target is, because it is told their address.

import type { Clock } from '../core/clock.ts';
import type { RandomSource } from '../core/random.ts';
import type { Announced } from './event-source-mapping.ts';
import { uuidSource } from './ids.ts';
import type { TriggerConfig } from './kind.ts';
import { Queue, type Message, type QueueListener } from './queue/queue.ts';
import type { QueueServer } from './queue/server.ts';

/** SQS's own default (SQS API reference, CreateQueue). */
const defaultVisibilityMs = 30_000;

/** AWS advises at least so many for a queue that Lambda reads (Lambda guide, "Configuring a queue to use with Lambda"). */
const defaultMaxReceives = 5;

/** Lambda's advice for the queue of a function: six times its timeout, and the batch window besides (same page). */
const visibilityPerTimeout = 6;

export interface QueuesOptions {
  readonly config: TriggerConfig;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly region: string;
  /** Of a Lambda target, whose mapping reads the queue. */
  readonly functionTimeoutMs?: number | undefined;
  /** S3, read at the queues' endpoint too. */
  readonly storeEndpoint?: string;
}

export interface Queues extends AsyncDisposable {
  readonly main: Queue<Announced>;
  readonly deadLetters: Queue<Announced>;
  /** What the trigger wants to know of the main queue's messages; set once. */
  listen(listener: QueueListener<Announced>): void;
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Of the main queue. */
  readonly url: string;
}

export async function openQueues(options: QueuesOptions): Promise<Queues> {
  const { config, clock, random, region, functionTimeoutMs, storeEndpoint } = options;
  const newId = uuidSource(random.split('messages'));
  const listeners: QueueListener<Announced>[] = [];
  const told =
    (what: keyof QueueListener<Announced>) =>
    (message: Message<Announced>): void => {
      for (const listener of listeners) listener[what]?.(message);
    };
  const visibilityMs =
    config.visibilityMs ??
    (functionTimeoutMs === undefined
      ? defaultVisibilityMs
      : visibilityPerTimeout * functionTimeoutMs + (config.batchWindowMs ?? 0));
  const deadLetters = new Queue<Announced>({
    name: 'flow-logs-dead-letters',
    clock,
    newId,
    visibilityMs: defaultVisibilityMs,
  });
  const main = new Queue<Announced>({
    name: 'flow-logs',
    clock,
    newId,
    visibilityMs,
    redrive: { maxReceives: config.maxReceives ?? defaultMaxReceives, queue: deadLetters },
    on: { received: told('received'), deleted: told('deleted'), deadLettered: told('deadLettered') },
  });
  // Fastify is loaded only where a run opens.
  const { openQueueServer } = await import('./queue/server.ts');
  const server: QueueServer = await openQueueServer({
    queues: [main, deadLetters] as unknown as Queue<unknown>[],
    region,
    newId: uuidSource(random.split('requests')),
    ...(storeEndpoint === undefined ? {} : { storeEndpoint }),
  });
  return {
    main,
    deadLetters,
    listen: (listener) => void listeners.push(listener),
    endpoint: server.endpoint,
    url: server.urlOf(main.options.name),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
