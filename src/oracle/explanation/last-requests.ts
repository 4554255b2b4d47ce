// The last request that brought a missing record and did not leave it with SigNoz: it matters whether a record was never sent, refused,
// or acknowledged by a fault that kept nothing.

import type { Corpus } from '../../core/model/corpus.ts';
import type { Delivery } from '../../core/model/delivery.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import { FingerprintTable } from '../comparison/fingerprint-table.ts';
import { visitLines } from '../ledger/line-access.ts';
import type { RefusedRecords } from './refused-records.ts';

/** Missing records that are looked up, the first ones: 12 MB of fingerprints. */
const linesLookedUp = 500_000;

export interface LastRequests {
  /** Of a missing line, by its ordinal; undefined where no request brought it, and `unknown` where not all were looked at. */
  of(line: number): Delivery | 'unknown' | undefined;
}

export interface LastRequestsInput {
  readonly corpus: Corpus;
  readonly comparison: Comparison;
  readonly lines: CorpusLines;
  readonly refused: () => Promise<RefusedRecords>;
}

export async function findLastRequests(input: LastRequestsInput): Promise<LastRequests> {
  const { corpus, comparison, lines } = input;
  const { count } = comparison.missing;
  if (count === 0) return { of: () => undefined };
  const refused = await input.refused();
  if (refused.count === 0 && refused.isWhole) return { of: () => undefined };
  const table = new FingerprintTable(Math.min(count, linesLookedUp));
  let lastLine = -1;
  await visitLines(comparison.missing, corpus, {
    onObject: (object) => lines.open(object),
    visit(bytes, start, end, { ordinal }) {
      lines.read(bytes, start, end);
      table.add(lines.fingerprinter.high, lines.fingerprinter.low, ordinal);
      lastLine = ordinal;
    },
    limit: linesLookedUp,
  });
  const found = new Map<number, Delivery>();
  refused.look(table, (delivery, line) => {
    if (!found.has(line)) found.set(line, delivery);
  });
  const isKnown = (line: number): boolean => refused.isWhole && (count <= linesLookedUp || line <= lastLine);
  return { of: (line) => found.get(line) ?? (isKnown(line) ? undefined : 'unknown') };
}

/** A sentence for the witness. */
export function tellRequest({ sequence, acknowledgement, statusCode, fault, kept }: Delivery): string {
  const by = fault ?? 'the sink';
  if (kept) return `request ${sequence} brought it, and ${by} rejected it by a partial success`;
  if (acknowledgement === 'acknowledged')
    return `request ${sequence} brought it: acknowledged by ${by}, which kept nothing`;
  if (statusCode === 0) return `request ${sequence} brought it, and ${by} reset the connection`;
  return `request ${sequence} brought it, and ${by} answered ${statusCode}`;
}
