// Saboteurs that change values, name records wrongly, or take different ones for the same. A harness that counts sees few of them.

import { altered, doubled, found, lost, type Conviction, type Count, type WrongAnimal } from '../animal.ts';
import { gz, record, records, text } from '../flow-log-files.ts';
import { defaultNames, flatRow, newForwarder, post, type Row } from '../forwarder.ts';

/** How many lines have a field of which this holds. */
function linesWhere(holds: (fields: Readonly<Record<string, string>>) => boolean): Count {
  return (lines) => lines.filter((line) => holds(flatRow(line, defaultNames) as Record<string, string>)).length;
}

/** A forwarder that changes each row. */
function changing(change: (row: Record<string, string>) => Row): WrongAnimal['make'] {
  return () => newForwarder({ toRow: (line, names) => change(flatRow(line, names) as Record<string, string>) });
}

/** As many lost as doubled, or sent twice in place of each other: the counts of sent and arrived agree. */
function replaced(count: number): Conviction {
  return { ...lost(count), tally: () => ({ missing: count, duplicated: { afterAcknowledgement: count } }) };
}

const wide = [...defaultNames, 'pkt-srcaddr', 'pkt-dstaddr'];
const thirdsOfMany = 30_000;

export const wrongWithValues: readonly Omit<WrongAnimal, 'group'>[] = [
  {
    name: 'drops-one-in-10000',
    bug: 'One record in ten thousand is lost.',
    scenario: { traffic: { preset: 'web-vpc', records: thirdsOfMany }, objects: { maxRecords: 10_000 } },
    make: () => newForwarder({ select: ({ lines }) => lines.filter((_, i) => i % 10_000 !== 5000) }),
    convicted: lost(3),
  },
  {
    name: 'sends-one-in-place-of-another',
    bug: 'In each object one record is sent twice and another is not: the counts agree.',
    make: () => newForwarder({ select: ({ lines }) => [lines[1]!, ...lines.slice(1)] }),
    convicted: replaced(4),
  },
  {
    name: 'makes-up-what-it-lost',
    bug: 'A record that could not be read is made up of its neighbour and another port.',
    files: { 'a.log.gz': gz(records(20)) },
    make: () =>
      newForwarder({
        select: ({ lines }) => [lines[1]!.replace(' 1001 ', ' 65001 ').replace(' 11 ', ' 12 '), ...lines.slice(1)],
      }),
    convicted: altered(1),
  },
  {
    name: 'swaps-two-fields',
    bug: 'The source port stands where packets belong, and the other way round.',
    make: changing((row) => ({ ...row, srcport: row['packets'], packets: row['srcport'] })),
    convicted: altered(linesWhere(({ srcport, packets }) => srcport !== packets)),
  },
  {
    name: 'reads-32-bit-numbers',
    bug: 'Bytes beyond 2,147,483,647 become another number.',
    files: {
      'large.log': text([...records(10), ...[2 ** 31, 2 ** 32 + 5].map((bytes, i) => record(2000 + i, { bytes }))]),
    },
    make: changing((row) => ({ ...row, bytes: Number(row['bytes']) | 0 })),
    convicted: altered(2),
  },
  {
    name: 'rounds-large-numbers',
    bug: 'Numbers beyond 2^53 go through a double, and come out as others.',
    files: { 'large.log': text([...records(10), record(2000, { bytes: '9007199254740993' })]) },
    make: changing((row) => ({ ...row, bytes: String(Number(row['bytes'])) })),
    convicted: altered(1),
  },
  {
    name: 'counts-in-kilobytes',
    bug: 'Bytes are told in thousands.',
    files: { 'a.log': text(records(20)) },
    make: changing((row) => ({ ...row, bytes: String(Math.round(Number(row['bytes']) / 1000)) })),
    convicted: altered(20),
  },
  {
    name: 'takes-seconds-for-nanoseconds',
    bug: 'A time in seconds is sent as nanoseconds, and SigNoz drops what is of 1970.',
    scenario: { expect: ['promises', 'visible-in-signoz'] },
    make: () =>
      newForwarder({
        send: async (rows, addresses) => {
          const logRecords = rows.map((row) => ({
            timeUnixNano: String(row['end']),
            attributes: Object.entries(row).map(([key, value]) => ({ key, value: { stringValue: String(value) } })),
          }));
          const body = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
          const { ok, status } = await post(body, { ...addresses, jsonUrl: addresses.otlpUrl });
          if (!ok) throw new Error(`SigNoz answered ${status}`);
        },
      }),
    convicted: found('invisible-in-signoz', 'visible-in-signoz', 200),
  },
  {
    name: 'sends-no-time',
    bug: 'No timestamp is sent, and SigNoz shows each record at the time of its arrival.',
    scenario: { expect: ['promises', 'timestamp = end within 1s'] },
    make: () => newForwarder(),
    convicted: found('timestamp-off', 'timestamp = end within 1s', 200),
  },
  {
    name: 'leaves-large-numbers-texts',
    bug: 'A number that does not fit into 32 bits stays a text, and SigNoz keeps the field in two columns.',
    files: { 'large.log': text([...records(10), record(2000, { bytes: 2 ** 31 })]) },
    scenario: { expect: ['promises', 'types-stable'] },
    make: changing((row) => ({ ...row, bytes: Number(row['bytes']) < 2 ** 31 ? Number(row['bytes']) : row['bytes'] })),
    convicted: found('type-unstable:bytes', 'types-stable', 1),
  },
  {
    name: 'puts-times-in-order',
    bug: 'Where a flow ends before it starts, the two times change places.',
    files: {
      'a.log': text([
        ...records(10),
        ...records(3, { 'interface-id': 'eni-5', start: 1_767_225_660, end: 1_767_225_600 }, 2000),
      ]),
    },
    make: changing((row) => {
      const [start, end] = [row['start'], row['end']].map(String).toSorted();
      return { ...row, start, end };
    }),
    convicted: altered(3),
  },
  {
    name: 'takes-the-packet-for-the-interface',
    bug: "The interface's address is overwritten by the packet's.",
    files: {
      'wide.log': text(
        records(10).map((line) => `${line} 10.9.8.7 203.0.113.9`),
        { names: wide },
      ),
    },
    make: changing((row) => ({ ...row, srcaddr: row['pkt-srcaddr'] })),
    convicted: altered(10),
  },
  {
    name: 'drops-leading-zeros',
    bug: 'An account is a number, and loses the zeros that it begins with.',
    files: { 'a.log': text([...records(10), ...records(3, { 'account-id': '000012345678' }, 2000)]) },
    make: changing((row) => ({ ...row, 'account-id': Number(row['account-id']) })),
    convicted: altered(3),
  },
  {
    name: 'wants-twelve-digits',
    bug: 'A line of the account unknown is refused.',
    files: { 'a.log': text([...records(10), ...records(2, { 'account-id': 'unknown' }, 2000)]) },
    make: () => newForwarder({ select: ({ lines }) => lines.filter((line) => /^\d+ \d{12} /.test(line)) }),
    convicted: lost(2),
  },
  {
    name: 'takes-zero-for-nothing',
    bug: 'A value of 0 is left out, like one that is not there.',
    files: { 'a.log': text([...records(10), ...records(4, { dstport: 0 }, 2000)]) },
    make: changing((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => Number(value) !== 0))),
    convicted: altered(4),
  },
  {
    name: 'writes-null-for-a-dash',
    bug: 'What is not there is sent as the word null.',
    scenario: { traffic: { preset: 'web-vpc', records: 200, nodata: 0.1, skipdata: 0 } },
    make: changing((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '-' ? 'null' : value])),
    ),
    convicted: altered(20),
  },
  {
    name: 'lower-cases-the-action',
    bug: 'ACCEPT becomes accept.',
    make: changing((row) => ({ ...row, action: row['action']!.toLowerCase() })),
    convicted: altered(linesWhere(({ action }) => action !== '-')),
  },
  {
    name: 'drops-equal-lines',
    bug: 'Two lines with the same words are taken for one that came twice.',
    files: { 'a.log': text([...records(10), ...records(3), record(1000)]) },
    make: () => newForwarder({ select: ({ lines }) => [...new Set(lines)] }),
    convicted: lost(4),
  },
  {
    name: 'cuts-its-ids-short',
    bug: 'A record is named by its interface and its start, and others of the same name are dropped.',
    files: { 'a.log': text([...records(10), ...records(5, { start: 1_767_225_700 }, 2000)]) },
    make: () =>
      newForwarder({
        select: ({ lines }) => [
          ...new Map(
            lines.map((line) => [
              line
                .split(' ')
                .filter((_, i) => i === 2 || i === 10)
                .join(),
              line,
            ]),
          ).values(),
        ],
      }),
    convicted: lost(13),
  },
  {
    name: 'gives-all-the-last-account',
    bug: 'One resource a file: the account of the last line stands on all.',
    files: { 'a.log': text([...records(10), ...records(5, { 'account-id': '210987654321' }, 2000)]) },
    make: () => {
      let last = '';
      return newForwarder({
        select: ({ lines }) => {
          last = lines.at(-1)!.split(' ')[1]!;
          return lines;
        },
        toRow: (line, names) => ({ ...flatRow(line, names), 'account-id': last }),
      });
    },
    convicted: altered(10),
  },
  {
    name: 'drops-packet-addresses',
    bug: 'The addresses of the packet are taken for those of the flow, and are gone.',
    files: {
      'wide.log': text(
        records(10).map((line) => `${line} 10.9.8.7 203.0.113.9`),
        { names: wide },
      ),
    },
    make: changing(({ 'pkt-srcaddr': _source, ...row }) => row),
    convicted: found('field-missing:pkt-srcaddr', 'fields-intact', 1),
  },
  {
    name: 'cuts-long-values',
    bug: 'A column of the store is twelve characters wide, and longer values are cut.',
    files: { 'a.log': text(records(20)) },
    make: changing((row) => ({ ...row, 'interface-id': row['interface-id']!.slice(0, 12) })),
    convicted: altered(20),
  },
  {
    name: 'says-two-things',
    bug: 'The body says another thing than the attributes.',
    files: { 'a.log': text(records(20)) },
    make: changing((row) => ({ body: Object.values({ ...row, dstport: '80' }).join(' '), attributes: row })),
    convicted: altered(20),
  },
  {
    name: 'moves-times-to-the-minute',
    bug: 'Start and end are rounded to whole minutes.',
    files: {
      'a.log': text([
        ...records(10),
        ...records(5, { 'interface-id': 'eni-5', start: 1_767_225_611, end: 1_767_225_671 }, 2000),
      ]),
    },
    make: changing((row) => ({
      ...row,
      start: String(Math.floor(Number(row['start']) / 60) * 60),
      end: String(Math.floor(Number(row['end']) / 60) * 60),
    })),
    convicted: altered(5),
  },
  {
    name: 'sends-a-sum-of-two',
    bug: 'Two records of one flow are added up and sent as one.',
    files: { 'a.log': text(records(20)) },
    make: () =>
      newForwarder({
        select: ({ lines }) => lines.filter((_, i) => i % 2 === 0).map((line) => line.replace(' 11 ', ' 22 ')),
      }),
    convicted: { ...altered(10), tally: (count) => ({ altered: count, missing: 10 }) },
  },
  {
    name: 'sends-each-object-twice-and-half-of-the-rest',
    bug: 'An object of even number is sent twice and one of odd number not at all: the counts agree.',
    make: () => {
      let seen = 0;
      return newForwarder({
        select: ({ lines }) => (seen++ % 2 === 0 ? [...lines, ...lines] : []),
      });
    },
    convicted: { ...doubled(100), tally: (count) => ({ missing: count, duplicated: { afterAcknowledgement: count } }) },
  },
];
