// The zoo's tables: one row a saboteur, and at the end how many a harness would have convicted that compares two counters.

/** Continuous integration asks for 3. */
export const seeds: readonly number[] = Array.from(
  { length: Number(process.env['ZOO_SEEDS'] ?? 300) },
  (_, i) => 7 + i,
);

/** What came of one saboteur. */
export interface WrongRow {
  readonly name: string;
  readonly group: string;
  /** The finding that must convict it, and its count. */
  readonly finding: string;
  readonly count: number;
  isConvicted: boolean;
  /** Whether more or fewer records arrived than were owed. */
  readonly countsDiffer: boolean;
}

export function wrongTable(rows: readonly WrongRow[]): string {
  const order = ['objects', 'triggers', 'lambda', 'sink', 'values'];
  const sorted = rows.toSorted((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  const cells = sorted.map(({ group, name, finding, count, isConvicted, countsDiffer }) => [
    group,
    name,
    `${count} ${finding}`,
    isConvicted ? 'convicted' : 'NOT AS NAMED',
    countsDiffer ? 'convicted' : 'passed',
  ]);
  const ours = rows.filter(({ isConvicted }) => isConvicted).length;
  const counters = rows.filter(({ countsDiffer }) => countsDiffer).length;
  return [
    aligned([['group', 'saboteur', 'what it did', 'flowrig', 'two counters'], ...cells]),
    `flowrig convicts ${ours} of ${rows.length} saboteurs by their own finding with the exact count; two counters convict ${counters}.`,
  ].join('\n');
}

/** What came of one right forwarder over all seeds. */
export interface RightRow {
  readonly name: string;
  runs: number;
  /** Runs in which every fault struck, so that the verdict has to be a pass. */
  passed: number;
  /** Runs in which some fault found nothing to strike: the verdict is unknown. */
  unknown: number;
  blamed: number;
  /** Runs in which more or fewer records arrived than were owed. */
  countsDiffered: number;
}

export function rightTable(rows: readonly RightRow[]): string {
  const cells = rows.map((row) =>
    [row.name, row.runs, row.passed, row.unknown, row.blamed, row.countsDiffered].map(String),
  );
  const sum = (key: 'runs' | 'blamed' | 'countsDiffered'): number => rows.reduce((total, row) => total + row[key], 0);
  return [
    aligned([['right forwarder', 'runs', 'pass', 'unknown', 'blamed', 'blamed by two counters'], ...cells]),
    `flowrig blames ${sum('blamed')} of ${sum('runs')} runs of right forwarders under random faults; two counters blame ${sum('countsDiffered')}.`,
  ].join('\n');
}

function aligned(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
