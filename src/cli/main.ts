// The command line's entry: makes the real host, runs, and ends with the exit code.

import { exitProcess, followLauncher, processHost } from '../core/host.ts';
import { keepYoungGenerationSmall } from '../core/young-generation.ts';
import { runCommandLine } from './command-line.ts';

followLauncher();
keepYoungGenerationSmall();
exitProcess(await runCommandLine(processHost()));
