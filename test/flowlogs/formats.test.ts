import { expect, test } from 'vitest';

import { defaultFormat, fields, transitGatewayFields } from '../../src/flowlogs/fields.ts';
import { formatNames, parseFormat } from '../../src/flowlogs/formats.ts';

const fieldsOf = (text: string): readonly string[] => {
  const format = parseFormat(text);
  return 'fields' in format ? format.fields : [];
};
const problemsOf = (text: string): readonly string[] => {
  const format = parseFormat(text);
  return 'problems' in format ? format.problems : [];
};

test('the table holds the 54 fields of VPC flow logs and the 18 that Transit Gateway has for itself', () => {
  expect(fields).toHaveLength(54);
  expect(transitGatewayFields).toHaveLength(18);
  const counts = [2, 3, 4, 5, 7, 8, 9, 10, 11].map((version) => fields.filter((f) => f.version === version).length);
  expect(counts).toEqual([14, 7, 4, 4, 10, 1, 1, 1, 12]);
});

test('each fixed format has all fields up to its version, in the order of AWS', () => {
  expect(formatNames).toEqual(['default', 'v3', 'v4', 'v5', 'v7', 'v8', 'v10', 'v11', 'tgw']);
  expect(fieldsOf('default')).toEqual(defaultFormat);
  expect(formatNames.map((name) => fieldsOf(name).length)).toEqual([14, 21, 25, 29, 39, 40, 42, 54, 36]);
  expect(fieldsOf('v5').slice(-4)).toEqual([
    'pkt-src-aws-service',
    'pkt-dst-aws-service',
    'flow-direction',
    'traffic-path',
  ]);
});

test('a custom format keeps its order, and its version is the highest of its fields', () => {
  expect(parseFormat('${log-status} ${srcaddr} ${tcp-flags}')).toEqual({
    fields: ['log-status', 'srcaddr', 'tcp-flags'],
    recorder: 'vpc',
    version: 3,
  });
  expect(parseFormat('${bytes}')).toMatchObject({ version: 2 });
  expect(parseFormat('${version} ${next-hop-az-id}')).toMatchObject({ version: 11 });
  expect(parseFormat('${tgw-id} ${srcaddr}')).toMatchObject({ recorder: 'transit-gateway', version: 6 });
});

test.for<[string, string]>([
  ['v6', 'There is no format "v6". Did you mean "v3"?'],
  ['${srcadr}', 'There is no field "srcadr". Did you mean "srcaddr"?'],
  ['${bytes} ${bytes}', 'The field "bytes" stands twice; AWS takes each field once.'],
  ['${bytes}  ${end}', 'an empty item (two spaces, or one at an end)'],
  ['${bytes} end', 'it has "end"'],
  ['v3 ${region}', 'The format v3 is fixed, and nothing can be added to it: region came with version 4.'],
  ['default ${srcaddr}', 'srcaddr is in it already'],
  ['${tgw-id} ${action}', '"tgw-id" is a field of Transit Gateway flow logs, which have no "action"'],
])('%s is refused with what is wrong and what is allowed', ([text, problem]) => {
  expect(problemsOf(text).join(' ')).toContain(problem);
});
