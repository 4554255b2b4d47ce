// The lists of exchangeable parts that a scenario may name. A part from a room's list appears here, in the schema, and in
// `flowrig list` by itself.

import type { TSchema } from 'typebox';

import { objectFaults } from '../flowlogs/faults/index.ts';
import { lambdaFaults } from '../lambda/faults/index.ts';
import { sinkFaults } from '../sink/faults/index.ts';
import { netFaults } from '../sink/net-faults/index.ts';
import { storeFaults } from '../stores/faults/index.ts';
import { stores } from '../stores/index.ts';
import { targets } from '../targets/index.ts';
import { eventFaults } from '../triggers/faults/index.ts';
import { triggers } from '../triggers/index.ts';

/** What the schema needs of a part: how it opens is the harness's business. */
export interface ListedKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  /** What is wrong with a part as written that its schema could not tell. */
  mistake?(part: Readonly<Record<string, unknown>>): string | undefined;
}

export const kinds: Readonly<Record<'stores' | 'triggers' | 'targets' | 'faults', readonly ListedKind[]>> = {
  stores,
  triggers,
  targets,
  faults: [...objectFaults, ...storeFaults, ...eventFaults, ...lambdaFaults, ...sinkFaults, ...netFaults],
};
