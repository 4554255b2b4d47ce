// Where the lines of witnesses begin in their objects' text, to be found with `tail -c` or an editor. They are made again for it, and
// files of which that is not all inflated, which costs some 25 ms for each 10,000 lines: so it is done for a run's first million lines
// of such objects.

import { gunzipSync, constants } from 'node:zlib';

import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import type { Finding } from '../../core/model/result.ts';

const linesLookedThrough = 1_000_000;
const lineFeed = 0x0a;

/** By key and line: bytes from 0, uncompressed. Nothing of what is no text, or is broken before the line. */
export async function byteOffsets(
  findings: readonly Finding[],
  objects: readonly CorpusObject[],
  corpus: Corpus,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const wanted = new Map<string, Set<number>>();
  for (const { key, line } of findings.flatMap(({ witnesses }) => witnesses)) {
    if (key === undefined || line === undefined) continue;
    const lines = wanted.get(key);
    if (lines) lines.add(line);
    else wanted.set(key, new Set([line]));
  }
  const offsets = new Map<string, Map<number, number>>();
  let budget = linesLookedThrough;
  for (const object of objects) {
    const lines = wanted.get(object.key);
    budget -= lines ? object.lineCount : 0;
    if (!lines || budget < 0) continue;
    // Lines that are made one by one follow each other as they are; a file of them would be deflated only to be inflated.
    if (corpus.visitLine && object.key.endsWith('.gz'))
      offsets.set(object.key, await startsOfLines(object, lines, corpus));
    else {
      const text = textOf(await corpus.body(object));
      if (text) offsets.set(object.key, startsOf(text, lines));
    }
  }
  return offsets;
}

async function startsOfLines(
  object: CorpusObject,
  wanted: ReadonlySet<number>,
  corpus: Corpus,
): Promise<Map<number, number>> {
  const starts = new Map<number, number>();
  let at = object.fields.join(' ').length + 1;
  await corpus.scan(object, (_, start, end, line) => {
    if (wanted.has(line)) starts.set(line, at);
    at += end - start + 1;
  });
  return starts;
}

function textOf(body: Uint8Array): Uint8Array | undefined {
  if (body[0] !== 0x1f || body[1] !== 0x8b)
    return new TextDecoder().decode(body.subarray(0, 4)) === 'PAR1' ? undefined : body;
  try {
    // What is cut is told up to the cut.
    return gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}

function startsOf(text: Uint8Array, wanted: ReadonlySet<number>): Map<number, number> {
  const starts = new Map<number, number>();
  let start = 0;
  for (let line = 1; start < text.length && starts.size < wanted.size; line++) {
    if (wanted.has(line)) starts.set(line, start);
    const end = text.indexOf(lineFeed, start);
    start = end < 0 ? text.length : end + 1;
  }
  return starts;
}
