import { expect, test } from 'vitest';

import { defaultFormat, fields, isFieldName } from '../../src/flowlogs/fields.ts';

test('the default format has the 14 fields of version 2 in the order of AWS', () => {
  expect(defaultFormat.join(' ')).toBe(
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  );
  expect(fields.slice(0, 14).map(({ version }) => version)).toEqual(Array(14).fill(2));
});

test('names of every version and of Transit Gateway flow logs are known, values are not', () => {
  const known =
    'srcaddr tcp-flags az-id flow-direction ecs-task-id reject-reason resource-id encryption-status asg-tag-2 next-hop-vpc-id tgw-id packets-lost-blackhole';
  const unknown = ['2', '-', 'OK', 'Srcaddr', 'srcaddr ', 'src_addr', '', 'toString', 'eni-1235b8ca123456789'];
  expect(known.split(' ').filter((name) => !isFieldName(name))).toEqual([]);
  expect(unknown.filter(isFieldName)).toEqual([]);
});
