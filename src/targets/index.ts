// The list of targets: each is a way to run the forwarder under test.

import { lambda } from './lambda-kind.ts';

export const targets = [lambda] as const;
