// What a file does that AWS does not: by rule, how often, and where first.

/** Places told of each rule. */
const shownPlaces = 20;

export interface Violation {
  /** Stable words. */
  readonly rule: string;
  /** What AWS does. */
  readonly statement: string;
  readonly count: number;
  /** The first ones. `line` counts from 1 (of Parquet: the row); absent where the file as a whole breaks the rule. */
  readonly places: readonly { readonly line?: number; readonly message: string }[];
}

export class Violations {
  readonly #byRule = new Map<
    string,
    { statement: string; count: number; places: { line?: number; message: string }[] }
  >();

  add(rule: string, statement: string, message: string, line?: number): void {
    let entry = this.#byRule.get(rule);
    if (!entry) this.#byRule.set(rule, (entry = { statement, count: 0, places: [] }));
    entry.count++;
    if (entry.places.length < shownPlaces) entry.places.push({ ...(line === undefined ? {} : { line }), message });
  }

  list(): Violation[] {
    return [...this.#byRule].map(([rule, { statement, count, places }]) => ({ rule, statement, count, places }));
  }
}
