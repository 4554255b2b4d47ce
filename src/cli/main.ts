// The command line's entry: makes the real host, runs, and ends with the exit code.

import { exitProcess, followLauncher, processHost } from '../core/host.ts';
import { runCommandLine } from './command-line.ts';

followLauncher();
exitProcess(await runCommandLine(processHost()));
