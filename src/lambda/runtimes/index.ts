// The list of the runtimes' families.

import type { RuntimeFamily } from './family.ts';
import { nodejs } from './nodejs.ts';
import { provided } from './provided.ts';
import { python } from './python.ts';

export const runtimeFamilies: readonly RuntimeFamily[] = [nodejs, python, provided];

/** The family of a runtime's name, which the schema has checked. */
export function familyOf(runtime: string): RuntimeFamily {
  return runtimeFamilies.find((family) => family.runtimes.includes(runtime)) ?? nodejs;
}
