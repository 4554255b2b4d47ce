// The one shape of every exchangeable part: one file, and one line in its room's list.

import type { Static, TSchema } from 'typebox';

/**
 * One way to do one job: a store, a trigger, a target, a fault. `config` is what the scenario may say of it, and also what
 * editors complete; `open` makes the part.
 */
export interface Kind<Config extends TSchema, Needs, Part> {
  readonly kind: string;
  /** One sentence, shown by `flowrig list`. */
  readonly summary: string;
  readonly config: Config;
  open(config: Static<Config>, needs: Needs): Part | Promise<Part>;
}
