// Laws that hold for every preset in every format.

import { describe, expect, test } from 'vitest';

import { formatNames } from '../../src/flowlogs/formats.ts';
import { presets } from '../../src/flowlogs/presets/index.ts';
import { allLines, openCorpus } from './read-lines.ts';

const names = presets.map(({ name }) => name);
const formats = [...formatNames, '${log-status} ${end} ${pkt-srcaddr} ${version} ${traffic-path}'];

describe.for(names)('%s', (preset) => {
  test.for(formats)('record(i) is the i-th line, and each line has the fields of its header: %s', async (format) => {
    const corpus = openCorpus({ preset, format, records: 700, maxRecords: 300, nodata: 0.05, skipdata: 0.02 });
    const lines = await allLines(corpus);
    const asked = [699, 0, 350, 1, 299, 300, 698];
    expect(asked.map((i) => corpus.record(i))).toEqual(asked.map((i) => lines[i]));
    expect(lines).toHaveLength(700);
    const count = corpus.objects[0]!.fields.length;
    expect(lines.filter((line) => line.split(' ').length !== count || line.includes('undefined'))).toEqual([]);
  });
});
