// The table of contents of presets: one file and one line each.

import type { Preset } from '../preset.ts';
import { ddos } from './ddos.ts';
import { ecsV7 } from './ecs-v7.ts';
import { eks } from './eks.ts';
import { guide } from './guide.ts';
import { ipv6 } from './ipv6.ts';
import { kitchenSinkV11 } from './kitchen-sink-v11.ts';
import { multiRegion } from './multi-region.ts';
import { natEgress } from './nat-egress.ts';
import { quiet } from './quiet.ts';
import { scan } from './scan.ts';
import { sharedVpc } from './shared-vpc.ts';
import { transitGateway } from './transit-gateway.ts';
import { webVpc } from './web-vpc.ts';

export type { Preset } from '../preset.ts';

export const presets: readonly Preset[] = [
  webVpc,
  guide,
  natEgress,
  eks,
  ecsV7,
  transitGateway,
  quiet,
  scan,
  ddos,
  ipv6,
  sharedVpc,
  multiRegion,
  kitchenSinkV11,
];

/** The preset of a name, or undefined. */
export function findPreset(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
