// Every preset in every format keeps AWS's rules, as the inspector reads them, which shares no table with the generator.

import { expect, test } from 'vitest';

import { formatNames } from '../../src/flowlogs/formats.ts';
import { Inspection } from '../../src/flowlogs/inspect/inspection.ts';
import { LineSplitter } from '../../src/flowlogs/line-splitter.ts';
import { presets } from '../../src/flowlogs/presets/index.ts';
import { parseFileName } from '../../src/flowlogs/s3-key.ts';
import { openCorpus } from './read-lines.ts';

const layouts = [
  { prefix: '', hive: false, hourly: false },
  { prefix: 'net/', hive: true, hourly: true },
];

const custom = '${end} ${action} ${pkt-dstaddr} ${tcp-flags} ${log-status} ${version}';

function openOrNothing(plan: Parameters<typeof openCorpus>[0]) {
  try {
    return openCorpus(plan);
  } catch {
    // A transit gateway's preset in a VPC's format, or the other way round.
    return undefined;
  }
}

test.each(presets.map(({ name }) => name))('%s keeps every rule in every format', (preset) => {
  let corpora = 0;
  for (const [i, format] of [...formatNames, custom].entries()) {
    const layout = layouts[i % 2]!;
    const corpus = openOrNothing({
      preset,
      format,
      layout,
      records: 150,
      maxRecords: 80,
      nodata: 0.1,
      skipdata: 0.02,
    });
    if (!corpus) continue;
    corpora++;
    for (const object of corpus.objects) {
      const inspection = new Inspection();
      const splitter = new LineSplitter((bytes, start, end, line) => inspection.see(bytes as Buffer, start, end, line));
      splitter.push(Buffer.from(corpus.text(object)));
      splitter.end();
      const { records, hasHeader, violations } = inspection.result();
      expect([preset, format, violations]).toEqual([preset, format, []]);
      expect([records, hasHeader]).toEqual([object.lineCount, true]);
      expect(parseFileName(object.key.split('/').at(-1)!)).toBeDefined();
      expect(object.key.startsWith(layout.hive ? 'net/AWSLogs/aws-account-id=' : 'AWSLogs/')).toBe(true);
    }
  }
  expect(corpora).toBeGreaterThan(0);
});
