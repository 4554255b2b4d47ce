// Small flow-log files for what no preset writes: other columns, other line ends, broken compression.

import { gzipSync } from 'node:zlib';

import { defaultNames } from './forwarder.ts';

/** A line of the default format. Its source port is `port`, and makes it different from others. */
export function record(port: number, changed: Readonly<Record<string, string | number>> = {}): string {
  const values: Record<string, string | number> = {
    version: 2,
    'account-id': '123456789012',
    'interface-id': 'eni-0123456789abcdef0',
    srcaddr: '10.0.1.5',
    dstaddr: '203.0.113.9',
    srcport: port,
    dstport: 443,
    protocol: 6,
    packets: 11,
    bytes: 4200,
    start: 1_767_225_600,
    end: 1_767_225_660,
    action: 'ACCEPT',
    'log-status': 'OK',
    ...changed,
  };
  return Object.values(values).join(' ');
}

/** Lines that differ in their port, from 1000 up. */
export function records(count: number, changed: Readonly<Record<string, string | number>> = {}, from = 1000): string[] {
  return Array.from({ length: count }, (_, i) => record(from + i, changed));
}

/** The text of a file: a header, and each line with its end. */
export function text(lines: readonly string[], { names = defaultNames, eol = '\n' } = {}): Buffer {
  return Buffer.from([names.join(' '), ...lines].map((line) => line + eol).join(''));
}

/** The same, compressed. */
export function gz(lines: readonly string[], options: Parameters<typeof text>[1] = {}): Buffer {
  return gzipSync(text(lines, options));
}
