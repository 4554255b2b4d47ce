// The corpus of a plan: generated, or the user's files, with the faults of objects. Each thread that needs it makes its own: it is a pure function.

import { readFile } from 'node:fs/promises';

import type { Corpus } from '../core/model/corpus.ts';
import { generatedCorpus } from '../flowlogs/corpus.ts';
import { replayedCorpus } from '../flowlogs/replay.ts';
import { struckCorpus } from '../flowlogs/struck-corpus.ts';
import type { TrafficConfig } from '../scenario/plan.ts';

export async function openCorpus(traffic: TrafficConfig, seed: number): Promise<Corpus> {
  const corpus = await openIntact(traffic, seed);
  return traffic.faults.length === 0 ? corpus : struckCorpus(corpus, traffic.faults, seed);
}

async function openIntact(traffic: TrafficConfig, seed: number): Promise<Corpus> {
  if (traffic.files) {
    const files = traffic.files.map((path) => ({ path, read: () => readFile(path) }));
    return replayedCorpus({ files, fields: traffic.fields, startMs: traffic.startMs, layout: traffic.layout });
  }
  const { files: _files, fields: _fields, faults: _faults, ...plan } = traffic;
  return generatedCorpus({ ...plan, seed });
}

/** The distinct field lists of a corpus. */
export function formatsOf(corpus: Corpus): readonly (readonly string[])[] {
  const formats = new Map(corpus.objects.map((object) => [object.fields.join(' '), object.fields]));
  return [...formats.values()];
}
