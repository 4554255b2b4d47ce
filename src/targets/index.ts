// The list of targets: each is a way to run the forwarder under test.

import { command } from './command-kind.ts';
import { lambda } from './lambda-kind.ts';

export const targets = [lambda, command] as const;
