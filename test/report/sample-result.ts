// A result as a run leaves it, small and made by hand: a test lays over it what it is about.

import type { Finding, RunResult } from '../../src/core/model/result.ts';

const key =
  'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01/123456789012_vpcflowlogs_us-east-1_fl-1_20260101T0000Z_1.log.gz';

export const lost: Finding = {
  id: 'lost-records',
  check: 'once-unless-provoked',
  validity: 'fail',
  summary: `3 of 2,000 owed records never arrived, the first at ${key} line 5`,
  witnesses: [5, 6, 7].map((line) => ({
    bucket: 'flow-logs',
    key,
    line,
    text: `2 123456789012 eni-1 10.0.0.1 10.0.0.2 ${line} 443 6 1 40 1767225600 1767225660 ACCEPT OK`,
    note: 'invocations for its object: succeeded',
  })),
};

export const interrupted: Finding = {
  id: 'run-interrupted',
  check: 'run',
  validity: 'unknown',
  summary: 'the run was interrupted, so what is absent may only not have come yet',
  witnesses: [],
};

/** Text that would do something anywhere but in a report: markup, links, mentions, ends of blocks, control characters. */
export const hostile =
  '</script><img src=x onerror="alert(1)">]]>\'"&amp;|`**b**` ```\n@everyone https://evil.example [a](b) \u001B[31m\u0000\uFFFE\uD800 \u202Egnp';

export function sampleResult(over: Partial<RunResult> = {}): RunResult {
  return {
    formatVersion: 1,
    flowrig: { version: '0.1.0' },
    scenario: {
      version: 1,
      name: 'sample',
      summary: 'A forwarder that loses lines.',
      traffic: { preset: 'web-vpc', records: 2000 },
      target: { kind: 'lambda', code: '/home/me/forwarder' },
    },
    seed: 7,
    startedAt: '2026-11-26T13:35:14.374Z',
    durationMs: 121_978,
    skippedMs: 120_000,
    environment: { platform: 'linux', arch: 'x64', cores: 2, node: '24.21.0' },
    egress: 'routed',
    corpus: { fingerprint: '9a83d7e7c1ba512a', version: 1, lines: 2000, objects: 4, bytes: 225_745 },
    target: { kind: 'lambda', runtime: 'nodejs22.x', notes: ['nodejs22.x ran on Node 24.21.0.'] },
    tally: {
      expected: 2000,
      delivered: 1997,
      altered: 0,
      missing: 3,
      deadLettered: 0,
      notOwed: 0,
      unexpected: 0,
      duplicated: { afterLostReply: 0, afterDuplicateEvent: 0, afterFailedInvocation: 0, afterAcknowledgement: 0 },
    },
    objects: { written: 4, complete: 3, partial: 1, absent: 0 },
    invocations: {
      started: 4,
      succeeded: 4,
      failed: 0,
      timedOut: 0,
      outOfMemory: 0,
      throttled: 0,
      coldStarts: 1,
      retried: 0,
      deadLettered: 0,
    },
    sink: { requests: 4, accepted: 4, refused: 0, replyLost: 0, bytesReceived: 575_011, statusCounts: { 200: 4 } },
    faultsFired: {},
    throughput: { recordsPerS: 35_952.9, recordsPerCpuS: 27_024.3, bytesPerS: 4_058_115.3 },
    latencyMs: { delivery: { p50: 659.4, p90: 745.4, p99: 772.3, p999: 772.3, max: 772.3 } },
    resources: { target: { cpuS: 1.1, rssPeakBytes: 141_406_208 }, rig: { cpuS: 2.1, rssPeakBytes: 251_244_544 } },
    checks: ['once-unless-provoked', 'fields-intact', 'latency p99 < 5s'],
    verdict: { validity: 'fail', findings: [lost] },
    mapping: { srcaddr: 'source.address', action: 'aws.vpc.flow.action' },
    warnings: [],
    folder: '/home/me/runs/sample/20261126T133514.374Z',
    ...over,
  };
}

/** Everything in it that comes from others is hostile. */
export function hostileResult(): RunResult {
  const witness = { bucket: hostile, key: hostile, line: 1, text: hostile, arrived: hostile, note: hostile };
  const finding = { ...lost, summary: hostile, witnesses: [witness] };
  const sample = sampleResult();
  return {
    ...sample,
    scenario: { ...sample.scenario, name: hostile, summary: hostile },
    target: { ...sample.target, runtime: hostile, notes: [hostile] },
    mapping: { srcaddr: hostile },
    warnings: [hostile],
    folder: `/tmp/${hostile}`,
    verdict: {
      validity: 'fail',
      findings: [finding, { ...finding, id: 'note', validity: 'pass' }],
    },
  };
}
