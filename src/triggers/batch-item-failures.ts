// Which messages of a batch a function's answer calls failed (Lambda guide, "Implementing partial batch responses").

/** The failed message ids; `all` where the answer is one that Lambda does not understand: then the whole batch comes again. */
export function failedItems(answer: unknown, messageIds: readonly string[]): ReadonlySet<string> | 'all' {
  if (answer === null || answer === undefined || answer === '') return new Set();
  if (typeof answer !== 'object') return 'all';
  const failures = (answer as Record<string, unknown>)['batchItemFailures'];
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map((failure: unknown) => (failure as Record<string, unknown> | null)?.['itemIdentifier']);
  const isKnown = (id: unknown): id is string => typeof id === 'string' && messageIds.includes(id);
  return ids.every(isKnown) ? new Set(ids) : 'all';
}
