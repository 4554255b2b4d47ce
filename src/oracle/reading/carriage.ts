// How fields were found in what arrived: what the report's mapping says.

export interface Carriage {
  /** Records that carried the field, in any way. */
  readonly count: number;
  /** Names it arrived under, most used first: attributes, then `body`, then `timestamp`. */
  readonly names: readonly string[];
  readonly byTimestamp: number;
}

/** That of two parts of a run together. */
export function addCarriage(one: Carriage, other: Carriage): Carriage {
  const [more, less] = one.count >= other.count ? [one, other] : [other, one];
  return {
    count: one.count + other.count,
    names: [...new Set([...more.names, ...less.names])],
    byTimestamp: one.byTimestamp + other.byTimestamp,
  };
}
