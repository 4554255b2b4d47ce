// What a forwarder owes, as flowrig.yaml or a scenario says it.

import type { Layout } from './reading/layout.ts';

export type DeliveryPromise = 'exactly-once' | 'once-unless-provoked' | 'at-least-once' | 'no-loss';

/** Which lines of the corpus are owed, and what may happen to them on the way. */
export interface Promises {
  readonly delivery: DeliveryPromise;
  /** `all`, or a condition such as `action = REJECT`; it judges lines with status OK. */
  readonly keep: string;
  readonly nodata: 'forward' | 'drop' | 'any';
  readonly skipdata: 'forward' | 'drop' | 'any';
  readonly header: 'drop' | 'any';
  readonly fields: { readonly dropped: readonly string[]; readonly masked: readonly string[]; readonly added: 'any' };
  /** Where fields are found: by their names, or as declared. */
  readonly layout: 'auto' | Layout;
}

/** What holds where nothing is written. */
export const builtinPromises: Promises = {
  delivery: 'once-unless-provoked',
  keep: 'all',
  nodata: 'forward',
  skipdata: 'forward',
  header: 'drop',
  fields: { dropped: [], masked: [], added: 'any' },
  layout: 'auto',
};

/** The layout that was declared, as ledgers are told of it. */
export function layoutOf({ layout }: Promises): { layout?: Layout } {
  return layout === 'auto' ? {} : { layout };
}

/** What a line of the corpus is to the tally. */
export const obligations = { owed: 0, optional: 1, unwanted: 2 } as const;

/** Fields that count nowhere when records are compared. */
export function leftOutOf({ fields }: Promises): string[] {
  return [...new Set([...fields.dropped, ...fields.masked])].toSorted();
}
