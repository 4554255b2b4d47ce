// The series of a run, read line by line from the files of its folder: it can be told again years later, and of a run that was killed.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Delivery } from '../core/model/delivery.ts';
import type { RunFact } from '../core/model/invocation.ts';
import { seriesOf, type Series } from '../measure/series.ts';
import { indexFile } from '../sink/archive.ts';
import { eventsFile } from './folder.ts';

/** Undefined where nothing happened, or the files are gone. */
export function readSeries(folder: string): Promise<Series | undefined> {
  return seriesOf({
    facts: (see) => readLines<RunFact>(join(folder, eventsFile), see),
    deliveries: (see) => readLines<Delivery>(join(folder, 'archive', indexFile), see),
  });
}

/** A line that was cut when the run was killed is left out. */
async function readLines<T>(path: string, see: (value: T) => void): Promise<void> {
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const value = parse(line);
      if (typeof value === 'object' && value !== null) see(value as T);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
