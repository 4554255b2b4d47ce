// What people write: expectations and conditions, with the nearest right word for what cannot be read.

import { expect, test } from 'vitest';

import { identifyRequest, parseCondition, parseExpectation } from '../../src/oracle/index.ts';
import { protocolNumber } from '../../src/oracle/reading/protocols.ts';
import { defaultFields, flat, lineOf, otlp, raw, viewOf } from './fixtures.ts';

test('promises and checks are read with blanks around them', () => {
  expect(parseExpectation(' promises ')).toEqual({ text: 'promises', check: 'promises' });
  expect(parseExpectation('  latency  p99 <  5s ')).toMatchObject({ text: 'latency p99 < 5s', check: 'latency' });
});

test('an expectation that cannot be read says the nearest right one', () => {
  expect(parseExpectation('no-los')).toEqual({ problem: '"no-los" is no check', nearest: 'no-loss' });
  expect(parseExpectation('latency p99 < 5')).toEqual({
    problem: '"latency p99 < 5" does not read as "latency pNN < DURATION"',
    nearest: 'latency pNN < DURATION',
  });
  expect(parseExpectation('throughput > fast')).toMatchObject({ nearest: 'throughput > RATE' });
  expect(parseExpectation('no-loss at all')).toMatchObject({ problem: '"no-loss at all" does not read as "no-loss"' });
  expect(parseExpectation('xyzzy')).toEqual({ problem: '"xyzzy" is no check' });
});

test.each([
  ['action = REJECT', true],
  ['action != REJECT', false],
  ['dstport in [22, 3389]', true],
  ['dstport in [80]', false],
  ['bytes > 1000', true],
  ['bytes <= 1000 and action = REJECT', false],
  ['srcport < 5', false],
])('%s is %s for a rejected SSH record', (text, outcome) => {
  const record: Readonly<Record<string, string>> = { action: 'REJECT', dstport: '22', bytes: '4249', srcport: '-' };
  const parsed = parseCondition(text);
  expect('condition' in parsed && parsed.condition((field) => record[field] ?? '-')).toBe(outcome);
});

test('a condition that cannot be read says why', () => {
  expect(parseCondition('actoin = REJECT')).toEqual({
    problem: '"actoin" is no field of a flow log',
    nearest: 'action',
  });
  expect(parseCondition('dstport in 22')).toEqual({ problem: '"22" does not fit "in" in "dstport in 22"' });
  expect(parseCondition('bytes > many')).toEqual({ problem: '"many" does not fit ">" in "bytes > many"' });
  expect(parseCondition('REJECT')).toEqual({
    problem: '"REJECT" is no condition; write one such as "action = REJECT" or "dstport in [22, 3389]"',
  });
});

test('a request is known by its first record, in whatever layout it comes', () => {
  const identify = identifyRequest([defaultFields]);
  const identity = identify(viewOf(raw(lineOf(3))));
  expect(identity).toMatch(/^[\da-f]{16}$/);
  expect([flat, otlp].map((send) => identify(viewOf(send(lineOf(3)))))).toEqual([identity, identity]);
  expect(identify(viewOf(raw(lineOf(4))))).not.toBe(identity);
  expect(identify(viewOf(raw(defaultFields.join(' '))))).toBeUndefined();
  expect(identify(viewOf({}))).toBeUndefined();
  expect(identify(viewOf({ body: 'started up' }))).toBeUndefined();
});

test('protocol keywords stand at the registry’s numbers', () => {
  const numbers = {
    HOPOPT: 0,
    ICMP: 1,
    TCP: 6,
    UDP: 17,
    'IPv6-Route': 43,
    GRE: 47,
    ESP: 50,
    'IPv6-ICMP': 58,
    CFTP: 62,
    'SAT-EXPAK': 64,
  };
  for (const [keyword, number] of Object.entries({
    ...numbers,
    OSPFIGP: 89,
    PIM: 103,
    VRRP: 112,
    SCTP: 132,
    HIP: 139,
    'BIT-EMU': 147,
  })) {
    expect([keyword, protocolNumber(keyword), protocolNumber(keyword.toLowerCase())]).toEqual([
      keyword,
      number,
      number,
    ]);
  }
  expect(protocolNumber('Tcp')).toBeUndefined();
  expect(protocolNumber('none')).toBeUndefined();
});
