// The list of targets: each is a way to run the forwarder under test.

import { command } from './command-kind.ts';
import { container } from './container-kind.ts';
import { lambdaEndpoint } from './lambda-endpoint-kind.ts';
import { lambda } from './lambda-kind.ts';

export const targets = [lambda, command, container, lambdaEndpoint] as const;
