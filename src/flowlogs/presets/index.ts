// The table of contents of presets: one file and one line each.

import type { Preset } from '../preset.ts';
import { guide } from './guide.ts';
import { natEgress } from './nat-egress.ts';
import { webVpc } from './web-vpc.ts';

export type { Preset } from '../preset.ts';

export const presets: readonly Preset[] = [webVpc, guide, natEgress];

/** The preset of a name, or undefined. */
export function findPreset(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
