// What the embedded S3 is opened with.

import type { Clock } from '../../core/clock.ts';
import type { StoredObject, StoreRequest } from '../../core/model/trigger.ts';
import type { RandomSource } from '../../core/random.ts';
import type { StoreFaultNeeds } from '../faults/desk.ts';
import type { StoreFaultConfig } from '../faults/index.ts';
import type { NotificationTargets } from './notification.ts';

export interface StoreFaultOptions extends Pick<StoreFaultNeeds, 'startedMs' | 'onStrike'> {
  readonly configs: readonly StoreFaultConfig[];
  /** Told when one has overwritten an object: its event is due. */
  readonly onOverwrite: (stored: Omit<StoredObject, 'index'>) => void;
}

export interface EmbeddedStoreOptions {
  readonly clock: Clock;
  /** Request ids are drawn from it. */
  readonly random: RandomSource;
  /** Default us-east-1. */
  readonly region?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Bound for bodies in memory; what goes beyond lies in files. Default 64 MiB. */
  readonly memoryBytes?: number;
  /** Sees every request when its answer is decided. */
  readonly onRequest?: (request: StoreRequest) => void;
  /** Where the notification configurations of buckets may lead; without it nowhere. */
  readonly notifications?: NotificationTargets;
  /** What goes wrong when objects are read. */
  readonly faults?: StoreFaultOptions;
  /** Where bodies lie that do not fit into memory. Made on demand; what the store put there goes when it closes. */
  readonly folder: string;
  /** Refuses what was not signed with the key of its address. Default: any signature is taken, and none. */
  readonly verifySignatures?: boolean;
  /** What is stored lies in the folder and stays there: the next store that opens it has it all. One at a time may. */
  readonly persistent?: boolean;
}
