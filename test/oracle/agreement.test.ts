// The shortcut for records whose attributes repeat their raw line must never say anything else than the reader without it.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ArrivalReader, arrivalKinds } from '../../src/oracle/reading/arrival-reader.ts';
import { fieldSchema } from '../../src/oracle/reading/field-schema.ts';
import { defaultFields, emptyLine, lineOf, otlpWithBody, viewOf, type AttributeValue, type Sent } from './fixtures.ts';

const law = { seed: 11, numRuns: 1000 };
const schema = fieldSchema([defaultFields], new Set());

interface Read {
  readonly kind: number;
  readonly line: string;
}

function readBoth(sent: Sent): [shortcut: Read, composed: Read] {
  const view = viewOf(sent);
  const read = (how: 'read' | 'readValues'): Read => {
    const reader = new ArrivalReader(schema, 'end');
    const kind = reader[how](view);
    const isTold = kind === arrivalKinds.record || kind === arrivalKinds.header;
    return { kind, line: isTold ? Buffer.from(reader.bytes.subarray(reader.start, reader.end)).toString() : '' };
  };
  return [read('read'), read('readValues')];
}

const token = fc.oneof(
  fc.constantFrom(
    '-',
    '0',
    '6',
    '17',
    '00',
    '+1',
    '1e3',
    'tcp',
    'TCP',
    'srcport',
    'version',
    'ACCEPT',
    'accept',
    'é',
    '1767225600',
  ),
  fc.constantFrom('1767225600000', '9007199254740993', '18446744073709551615', '-1', '2147483648'),
  fc.stringMatching(/^[a-z0-9.:-]{1,12}$/),
);
const line = fc.oneof(
  fc.nat(1000).map((i) => lineOf(i)),
  fc.constantFrom(emptyLine('NODATA'), emptyLine('SKIPDATA')),
  fc.tuple(fc.nat(50), fc.nat(13), token).map(([i, at, value]) => lineOf(i).split(' ').with(at, value).join(' ')),
);
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  token,
  fc.constantFrom<AttributeValue>(null, true, 6, 6.5, -0, 1e21, 6n, -1n, 2n ** 63n - 1n, 9007199254740993n, 1767225600),
);

test('the shortcut reads what composing reads, whatever one attribute says', () => {
  fc.assert(
    fc.property(line, fc.nat(30), fc.option(value, { nil: undefined }), (text, at, changed) => {
      const sent = otlpWithBody(text);
      const names = Object.keys(sent.attributes ?? {});
      const name = names[at % Math.max(1, names.length)];
      const attributes = changed === undefined || name === undefined ? {} : { [name]: changed };
      const [shortcut, composed] = readBoth({ ...sent, attributes: { ...sent.attributes, ...attributes } });
      expect(shortcut).toEqual(composed);
    }),
    law,
  );
});
