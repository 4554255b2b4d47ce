// The command line's entry: makes the real host, runs, and ends with the exit code.

import { keepYoungGenerationSmall, sweepEarly } from '../core/heap.ts';
import { exitProcess, followLauncher, processHost } from '../core/host.ts';
import { runCommandLine } from './command-line.ts';

/** What commands that hold or make objects by the hundred thousand ask of the heap. */
const heapOf: Readonly<Record<string, () => void>> = {
  generate() {
    keepYoungGenerationSmall();
    sweepEarly();
  },
  serve: keepYoungGenerationSmall,
};

followLauncher();
const host = processHost();
const command = host.argv[0] ?? '';
if (Object.hasOwn(heapOf, command)) heapOf[command]!();
exitProcess(await runCommandLine(host));
