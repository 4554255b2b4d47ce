// The folder of a run: what was asked, what happened, what arrived, and what was judged. Everything is append-only while the run
// goes on, so that a killed run can still be read.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { stringify } from 'yaml';

import { FlowrigError } from '../core/errors.ts';
import { makeFolder } from '../core/make-folder.ts';
import type { RunFact } from '../core/model/invocation.ts';
import { formatInstant } from '../core/units.ts';

/** How many runs of a scenario are kept. */
const keptRuns = 10;
/** Each fact of a run, a line each. */
export const eventsFile = 'events.ndjson';
const timePattern = /^\d{8}T\d{6}\.\d{3}Z(-\d+)?$/;

export interface RunFolder extends Disposable {
  readonly path: string;
  /** Appends a line to events.ndjson before it returns: a fact survives the process. */
  record(fact: RunFact): void;
  writeText(name: string, text: string): void;
  /** The run has begun: `base/latest` leads here from now on, and the oldest runs of that name are forgotten. */
  begin(): void;
  /** Takes the folder away again: the run could not begin. */
  discard(): void;
}

/** Makes `base/name/TIME`, private to the user. */
export function createRunFolder(base: string, name: string, startedMs: number): RunFolder {
  const parent = join(resolve(base), name);
  const path = writing(`a run folder below ${parent}`, () => {
    makeFolder(parent);
    return makeUnique(parent, formatInstant(startedMs).replaceAll(/[-:]/g, ''));
  });
  const events = openSync(join(path, eventsFile), 'a', 0o600);
  return {
    path,
    begin: () =>
      writing(`a run folder below ${parent}`, () => {
        pointLatest(resolve(base), path);
        forgetOldRuns(parent);
      }),
    discard() {
      rmSync(path, { recursive: true, force: true });
      if (readdirSync(parent).length === 0) rmdirSync(parent);
    },
    record(fact) {
      const line = Buffer.from(`${JSON.stringify(fact)}\n`);
      writing(path, () => {
        // A disk that is nearly full takes a part before it refuses.
        for (let done = 0; done < line.length;) done += writeSync(events, line, done);
      });
    },
    writeText: (file, text) => writing(path, () => writeFileSync(join(path, file), text, { mode: 0o600 })),
    [Symbol.dispose]: () => closeSync(events),
  };
}

/** Says what could not be written, and what to do. */
export function writing<T>(what: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const message = `Cannot write ${what}: ${(cause as Error).message}. Free space, or choose another folder with --out.`;
    throw new FlowrigError('cannot-write', message, { cause });
  }
}

function makeUnique(parent: string, time: string): string {
  for (let attempt = 1; ; attempt++) {
    const path = join(parent, attempt === 1 ? time : `${time}-${attempt}`);
    try {
      mkdirSync(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A link where links are to be had, else a file with the path. */
function pointLatest(base: string, path: string): void {
  const latest = join(base, 'latest');
  rmSync(latest, { force: true, recursive: true });
  try {
    symlinkSync(relative(base, path), latest);
  } catch {
    writeFileSync(latest, path);
  }
}

function forgetOldRuns(parent: string): void {
  const runs = readdirSync(parent)
    .filter((name) => timePattern.test(name))
    .toSorted();
  for (const name of runs.slice(0, -keptRuns)) rmSync(join(parent, name), { recursive: true, force: true });
}

/** The folder of a run by any way that leads there: `runs/latest` will lead elsewhere tomorrow. Throws where there is none. */
export function findRunFolder(path: string): string {
  if (existsSync(join(path, 'scenario.yaml'))) return realpathSync(path);
  throw new FlowrigError('bad-run-folder', `${path} is not the folder of a run: it has no scenario.yaml.`);
}

/** The scenario as resolved, so that `judge` needs nothing else. */
export function writeScenario(folder: RunFolder, resolved: object): void {
  folder.writeText('scenario.yaml', stringify(resolved));
}

/** Facts of a finished or killed run; a last line that was cut is left out and told. */
export function readFacts(path: string): { facts: RunFact[]; complete: boolean } {
  let text: string;
  try {
    text = readFileSync(join(path, eventsFile), 'utf8');
  } catch (cause) {
    throw new FlowrigError('bad-run-folder', `${path} is not the folder of a run: it has no ${eventsFile}.`, { cause });
  }
  const facts: RunFact[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      facts.push(JSON.parse(line) as RunFact);
    } catch {
      return { facts, complete: false };
    }
  }
  return { facts, complete: facts.at(-1)?.type === 'ended' };
}
