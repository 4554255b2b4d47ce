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
  { prefix: '', hive: true, hourly: false },
  { prefix: 'a/b/', hive: false, hourly: true },
];

/** A key of a layout (Amazon VPC User Guide, "Flow log files"), but for its file. */
function folderPattern({ prefix, hive, hourly }: (typeof layouts)[number]): RegExp {
  const account = hive
    ? String.raw`aws-account-id=\d{12}/aws-service=vpcflowlogs/aws-region=[a-z0-9-]+`
    : String.raw`\d{12}/vpcflowlogs/[a-z0-9-]+`;
  const day = hive ? String.raw`year=2026/month=\d\d/day=\d\d` : String.raw`2026/\d\d/\d\d`;
  const hour = hourly ? `/${hive ? 'hour=' : ''}${String.raw`\d\d`}` : '';
  return new RegExp(`^${prefix}AWSLogs/${account}/${day}${hour}/[^/]+$`);
}

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
  for (const [place, format] of [...formatNames, custom].entries()) {
    const plan = { preset, format, records: 150, maxRecords: 80, nodata: 0.1, skipdata: 0.02 };
    const corpus = openOrNothing(plan);
    if (!corpus) continue;
    corpora++;
    // A layout changes keys alone, so that all of them need not be opened with each format.
    for (const layout of place === 0 ? layouts : [layouts[place % layouts.length]!]) {
      const laid = openCorpus({ ...plan, layout });
      for (const [i, object] of laid.objects.entries()) {
        expect(object.key).toMatch(folderPattern(layout));
        expect(parseFileName(object.key.split('/').at(-1)!)).toBeDefined();
        expect(object.key.split('/').at(-1)).toBe(corpus.objects[i]!.key.split('/').at(-1));
      }
      const [first, last] = [0, 149];
      expect([laid.record(first), laid.record(last)]).toEqual([corpus.record(first), corpus.record(last)]);
    }
    for (const object of corpus.objects) {
      const inspection = new Inspection();
      const splitter = new LineSplitter((bytes, start, end, line) => inspection.see(bytes as Buffer, start, end, line));
      splitter.push(Buffer.from(corpus.text(object)));
      splitter.end();
      const { records, hasHeader, violations } = inspection.result();
      expect([preset, format, violations]).toEqual([preset, format, []]);
      expect([records, hasHeader]).toEqual([object.lineCount, true]);
    }
  }
  expect(corpora).toBeGreaterThan(0);
});
