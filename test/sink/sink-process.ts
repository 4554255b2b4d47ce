// A sink in a process of its own, for tests that kill it: prints the URL of its JSON receiver and serves until then.

import { openClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { openSink } from '../../src/sink/index.ts';

const clock = openClock();
const sink = await openSink({
  clock,
  random: randomSource(1),
  startedMs: clock.nowMs(),
  edition: 'cloud',
  folder: process.argv[2]!,
  faults: [],
});
process.stdout.write(`${sink.jsonUrl}\n`);
