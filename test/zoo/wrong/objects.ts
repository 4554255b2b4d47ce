// Saboteurs that misread objects: headers, columns, line ends, encodings, compression, keys.

import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';

import { altered, deadLettered, found, lost, unexpected, type WrongAnimal } from '../animal.ts';
import { gz, record, records, text } from '../flow-log-files.ts';
import { defaultNames, flatRow, linesOf, newForwarder, placesOf, placeOfRecord, steps, tableOf } from '../forwarder.ts';

const swapped = ['srcport', 'dstport'];
/** The default format with its two ports exchanged. */
const exchanged = defaultNames.map((name) =>
  swapped.includes(name) ? swapped.find((other) => other !== name)! : name,
);
const wide = [...defaultNames, 'vpc-id'];
const gzipHeaderBytes = 10;
const gzipTrailerBytes = 8;

/** A gzip whose checksum is wrong, and nothing else. */
function withBadChecksum(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length - gzipTrailerBytes]! ^= 0xff;
  return changed;
}

/** A character of this many bytes in UTF-8 stands in the interface's name of the first line. */
function withBytes(bytes: readonly number[]): Buffer {
  const [header, ...rest] = text(records(10)).toString('latin1').split('\n');
  const odd = rest[0]!.replace('eni-', `eni-${Buffer.from(bytes).toString('latin1')}`);
  return Buffer.from([header, odd, ...rest.slice(1)].join('\n'), 'latin1');
}

export const wrongWithObjects: readonly Omit<WrongAnimal, 'group'>[] = [
  {
    name: 'ships-the-header',
    bug: 'The header line is sent as a record.',
    make: () => newForwarder({ tableOf: (lines) => ({ names: defaultNames, lines }) }),
    convicted: found('header-sent', 'header-not-sent', 4, { unexpected: 4 }),
  },
  {
    name: 'assumes-the-default-order',
    bug: 'Fourteen names are given to the columns of any file by their places.',
    files: { 'exchanged.log': text(records(20), { names: exchanged }) },
    make: () => newForwarder({ tableOf: (lines) => ({ ...tableOf(lines), names: defaultNames }) }),
    convicted: altered(20),
  },
  {
    name: 'knows-fourteen-fields',
    bug: 'Fields behind the fourteenth are dropped.',
    files: {
      'wide.log': text(
        records(10).map((line) => `${line} vpc-12345678`),
        { names: wide },
      ),
    },
    make: () => newForwarder({ toRow: (line, names) => flatRow(line.split(' ').slice(0, 14).join(' '), names) }),
    convicted: found('field-missing:vpc-id', 'fields-intact', 1),
  },
  {
    name: 'drops-nodata',
    bug: 'Lines without traffic are dropped.',
    scenario: { traffic: { preset: 'web-vpc', records: 200, nodata: 0.1, skipdata: 0 } },
    make: () => newForwarder({ select: ({ lines }) => lines.filter((line) => !line.endsWith('NODATA')) }),
    convicted: lost(20),
  },
  {
    name: 'wants-a-value-in-each-field',
    bug: 'A line that has a dash anywhere does not fit the pattern, and is dropped.',
    files: { 'dashes.log': text([...records(10), record(2000, { packets: '-' }), record(2001, { bytes: '-' })]) },
    make: () => newForwarder({ select: ({ lines }) => lines.filter((line) => !line.includes(' - ')) }),
    convicted: lost(2),
  },
  {
    name: 'knows-ipv4-only',
    bug: 'The pattern of a line knows addresses of IPv4 and no others.',
    files: { 'both.log': text([...records(10), ...records(4, { srcaddr: '2001:db8::1', dstaddr: '::1' }, 2000)]) },
    make: () => newForwarder({ select: ({ lines }) => lines.filter((line) => !line.includes(':')) }),
    convicted: lost(4),
  },
  {
    name: 'remembers-a-header',
    bug: 'The header of the first object is taken for that of all others.',
    files: { 'a.log': text(records(5)), 'b.log': text(records(7, {}, 2000), { names: exchanged }) },
    make: () => {
      let first: readonly string[] | undefined;
      return newForwarder({
        tableOf: (lines) => {
          const table = tableOf(lines);
          first ??= table.names;
          return { ...table, names: first };
        },
      });
    },
    convicted: altered(7),
  },
  {
    name: 'keeps-carriage-returns',
    bug: 'The last value of a line of Windows ends in a carriage return.',
    files: { 'windows.log': text(records(10), { eol: '\r\n' }) },
    make: () =>
      newForwarder({
        linesOf: (bytes) =>
          bytes
            .toString()
            .split('\n')
            .filter((line) => line !== ''),
        tableOf: (lines) => ({ names: defaultNames, lines: lines.slice(1) }),
      }),
    convicted: altered(10),
  },
  {
    name: 'sends-blank-lines',
    bug: 'Blank lines become records of nothing.',
    files: { 'blanks.log': text([...records(5), '', ...records(5, {}, 2000), '', '']) },
    make: () =>
      newForwarder({
        linesOf: (bytes) => bytes.toString().split('\n').slice(0, -1),
        toRow: (line, names) => (line === '' ? {} : flatRow(line, names)),
      }),
    convicted: unexpected(3),
  },
  {
    name: 'waits-for-a-newline',
    bug: 'The last line is lost where no newline ends it.',
    files: { 'open.log': text(records(10)).subarray(0, -1) },
    make: () => newForwarder({ linesOf: (bytes) => bytes.toString().split('\n').slice(0, -1) }),
    convicted: lost(1),
  },
  {
    name: 'takes-a-cut-gzip-for-whole',
    bug: 'Where a gzip ends too early, what came of it is taken for all, and nobody is told.',
    files: { 'cut.log.gz': gz(records(500)).subarray(0, 1000) },
    make: () => newForwarder({ inflate: (bytes) => gunzipSync(bytes, { finishFlush: 2 }) }),
    // The piece of the line that was cut arrives too.
    convicted: found('bad-object-unreported', 'bad-objects-reported', 1, { unexpected: 1 }),
  },
  {
    name: 'skips-the-checksum',
    bug: 'The checksum at the end of a gzip is not looked at.',
    files: { 'rotten.log.gz': withBadChecksum(gz(records(20))), 'sound.log.gz': gz(records(20, {}, 2000)) },
    make: () =>
      newForwarder({ inflate: (bytes) => inflateRawSync(bytes.subarray(gzipHeaderBytes, -gzipTrailerBytes)) }),
    convicted: found('bad-object-unreported', 'bad-objects-reported', 1),
  },
  {
    name: 'reads-one-gzip-member',
    bug: 'Of a gzip of several members only the first is read.',
    files: {
      'members.log.gz': Buffer.concat([gz(records(10)), gzipSync(records(13, {}, 2000).join('\n')), gzipSync('\n')]),
    },
    make: () => newForwarder({ inflate: (bytes) => inflateRawSync(bytes.subarray(gzipHeaderBytes)) }),
    convicted: lost(13),
  },
  {
    name: 'refuses-an-empty-object',
    bug: 'An object of no bytes is no gzip, and fails its event again and again.',
    files: { 'empty.log.gz': Buffer.alloc(0), 'sound.log.gz': gz(records(10)) },
    make: () => newForwarder({ inflate: (bytes) => gunzipSync(bytes) }),
    convicted: found('empty-object-refused', 'empty-objects-accepted', 1),
  },
  {
    name: 'trusts-the-suffix',
    bug: 'Plain text whose name ends in .gz is given to gunzip.',
    files: { 'plain.log.gz': text(records(10)), 'sound.log.gz': gz(records(10, {}, 2000)) },
    make: () =>
      newForwarder({
        inflate: (bytes, { key }) =>
          key.endsWith('.gz') ? gunzipSync(bytes) : steps.inflate(bytes, { key, bucket: '' }),
      }),
    convicted: deadLettered(10),
  },
  {
    name: 'wants-one-suffix',
    bug: 'What does not end in .log.gz is passed over.',
    files: { 'plain.log': text(records(10)), 'sound.log.gz': gz(records(10, {}, 2000)) },
    make: () => newForwarder({ placesOf: (event) => placesOf(event).filter(({ key }) => key.endsWith('.log.gz')) }),
    convicted: lost(10),
  },
  {
    name: 'refuses-invalid-utf8',
    bug: 'One byte that is no UTF-8 fails the whole object.',
    files: { 'latin.log': withBytes([0xe9]) },
    make: () => {
      const decoder = new TextDecoder('utf8', { fatal: true });
      return newForwarder({ linesOf: (bytes) => linesOf(Buffer.from(decoder.decode(bytes))) });
    },
    convicted: deadLettered(10),
  },
  {
    name: 'drops-invalid-bytes',
    bug: 'Bytes that are no UTF-8 vanish out of their value.',
    files: { 'latin.log': withBytes([0xe9]) },
    make: () => newForwarder({ linesOf: (bytes) => linesOf(Buffer.from(bytes.filter((byte) => byte < 0x80))) }),
    convicted: altered(1),
  },
  {
    name: 'splits-at-any-line-separator',
    bug: 'Lines are split at each character that Unicode knows as the end of a line.',
    files: { 'separator.log': withBytes([0xe2, 0x80, 0xa8]) },
    make: () =>
      newForwarder({
        linesOf: (bytes) =>
          bytes
            .toString()
            .split(/[\n\u2028\u2029\u0085]/)
            .filter((line) => line !== ''),
      }),
    convicted: { ...lost(1), tally: () => ({ missing: 1, unexpected: 2 }) },
  },
  {
    name: 'ends-a-line-at-each-chunk',
    bug: 'Each piece that the inflater yields is taken to end with a line.',
    files: { 'long.log.gz': gz(records(400)) },
    make: () =>
      newForwarder({
        linesOf: (bytes) => {
          const pieces = Array.from({ length: Math.ceil(bytes.length / 16_384) }, (_, i) =>
            bytes.subarray(i * 16_384, (i + 1) * 16_384),
          );
          return pieces.flatMap((piece) => linesOf(piece));
        },
      }),
    convicted: { ...lost(2), tally: () => ({ missing: 2, unexpected: 4 }) },
  },
  {
    name: 'takes-quotes-for-syntax',
    bug: 'A quote opens a text that never ends, and fails the whole object.',
    files: {
      'quote.log': text([...records(4), record(2000, { 'interface-id': 'eni-"1' })]),
      'sound.log': text(records(3, {}, 3000)),
    },
    make: () =>
      newForwarder({
        toRow: (line, names) => {
          if (line.includes('"')) throw new Error('No closing quotation');
          return flatRow(line, names);
        },
      }),
    convicted: deadLettered(5),
  },
  {
    name: 'stops-at-a-long-line',
    bug: 'A scanner with a fixed buffer stops at the first line over 64 KiB, and nobody reads its error.',
    files: {
      'long.log': text([
        ...records(5),
        record(2000, { 'interface-id': `eni-${'a'.repeat(70_000)}` }),
        ...records(6, {}, 3000),
      ]),
    },
    make: () =>
      newForwarder({
        select: ({ lines }) => {
          const long = lines.findIndex((line) => line.length > 65_536);
          return long === -1 ? lines : lines.slice(0, long);
        },
      }),
    convicted: lost(7),
  },
  {
    name: 'passes-over-large-objects',
    bug: 'An object over a limit is left, with a line in the log, and that is a success.',
    files: { 'large.log': text(records(300)), 'small.log': text(records(10, {}, 2000)) },
    make: () => newForwarder({ inflate: (bytes) => (bytes.length > 10_000 ? Buffer.alloc(0) : bytes) }),
    convicted: lost(300),
  },
  {
    name: 'refuses-a-short-line',
    bug: 'One line of fewer columns fails the whole object.',
    files: {
      'short.log': text([...records(4), record(2000).replace(/ OK$/, '')]),
      'sound.log': text(records(3, {}, 3000)),
    },
    make: () =>
      newForwarder({
        toRow: (line, names) => {
          if (line.split(' ').length < names.length) throw new Error('The log line has fewer fields than its header.');
          return flatRow(line, names);
        },
      }),
    convicted: deadLettered(5),
  },
  {
    name: 'decodes-no-keys',
    bug: 'The key of the event is asked for as it stands there, and what cannot be found was deleted.',
    files: { 'a b=c.log': text(records(10)), 'plain.log': text(records(10, {}, 2000)) },
    make: () =>
      newForwarder({
        placesOf: ({ Records = [] }) => Records.map((each) => ({ ...placeOfRecord(each), key: each.s3!.object.key })),
      }),
    convicted: lost(10),
  },
  {
    name: 'takes-the-first-line-for-a-header',
    bug: 'The first line is dropped, also where it is a record.',
    files: { 'bare.log': Buffer.from(`${records(10).join('\n')}\n`) },
    make: () => newForwarder({ tableOf: (lines) => ({ names: defaultNames, lines: lines.slice(1) }) }),
    convicted: lost(1),
  },
  {
    name: 'shifts-at-two-spaces',
    bug: 'Two spaces in a row are an empty value between two columns.',
    files: { 'spaces.log': text([...records(10), record(2000).replace(' 443 ', ' 443  ')]) },
    make: () =>
      newForwarder({
        toRow: (line, names) =>
          Object.fromEntries(
            line
              .split(' ')
              .slice(0, 14)
              .map((value, at) => [names[at], value]),
          ),
      }),
    convicted: { ...lost(1), tally: () => ({ missing: 1, unexpected: 1 }) },
  },
];
