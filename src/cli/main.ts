// The command line's entry: makes the real host, runs, and ends with the exit code.

import { exitProcess, followLauncher, processHost } from '../core/host.ts';
import { keepYoungGenerationSmall } from '../core/young-generation.ts';
import { runCommandLine } from './command-line.ts';

/** Commands that hold or make objects by the hundred thousand. */
const ofManyObjects = ['generate', 'serve'];

followLauncher();
const host = processHost();
if (ofManyObjects.includes(host.argv[0] ?? '')) keepYoungGenerationSmall();
exitProcess(await runCommandLine(host));
