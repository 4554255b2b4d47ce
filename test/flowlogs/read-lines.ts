// Reading a corpus as a stranger would: bytes in, lines out, with nothing of the rig's own splitting.

import { gunzipSync } from 'node:zlib';

import type { Corpus, CorpusObject, LineCounts } from '../../src/core/model/corpus.ts';
import type { GeneratedCorpus, TrafficPlan } from '../../src/flowlogs/corpus.ts';
import { generatedCorpus } from '../../src/flowlogs/corpus.ts';

/** A small corpus; a test names what matters to it. */
export function openCorpus(plan: Partial<TrafficPlan> = {}): GeneratedCorpus {
  const usual = { preset: 'web-vpc', seed: 42, records: 3000, startMs: Date.UTC(2026, 0, 1), maxRecords: 1000 };
  return generatedCorpus({ ...usual, ...plan });
}

/** The data lines of a stored object: unzipped, cut at LF, without the header. */
export async function storedLines(corpus: Corpus, object: CorpusObject): Promise<string[]> {
  const text = gunzipSync(await corpus.body(object)).toString('latin1');
  return text.split('\n').slice(1, -1);
}

/** All data lines of a corpus in order. */
export async function allLines(corpus: Corpus): Promise<string[]> {
  const lines: string[] = [];
  for (const object of corpus.objects) lines.push(...(await storedLines(corpus, object)));
  return lines;
}

/** What `scan` shows: each line with its number in the file. */
export async function scannedLines(
  corpus: Corpus,
  object: CorpusObject,
): Promise<{ lines: [line: number, text: string][]; counts: LineCounts }> {
  const lines: [number, string][] = [];
  const counts = await corpus.scan(object, (bytes, start, end, line) => {
    lines.push([line, Buffer.from(bytes.subarray(start, end)).toString()]);
  });
  return { lines, counts };
}
