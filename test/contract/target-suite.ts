// What every target must do: work on each object once and be done with it, try again what failed, leave nothing behind, and say what
// it used.

import { describe, expect, test } from 'vitest';

import { run, type RunResult, type RunScenarioOptions } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { descendantsOf } from '../e2e/rig-process.ts';

export interface TargetUnderTest {
  /** Laid over the scenario: target, trigger and drain. */
  readonly scenario: object;
  readonly handler?: RunScenarioOptions['handler'];
  /** Starts what a user would start before the run; what it tells is laid over the scenario, too. */
  readonly start?: () => Promise<AsyncDisposable & { readonly scenario: object }>;
  /** Why it cannot be tried on this machine. */
  readonly missing?: string | undefined;
  /** Whether the rig knows of its invocations. */
  readonly isInvoked: boolean;
  /** Whether its processes are its own. */
  readonly isMeasured: boolean;
}

export function targetContract(name: string, target: TargetUnderTest): void {
  async function runWith(over: object): Promise<RunResult> {
    await using folder = testFolder();
    await using started = await target.start?.();
    const scenario = {
      version: 1,
      name: 'contract',
      seed: 11,
      traffic: { preset: 'web-vpc', records: 600 },
      objects: { maxRecords: 200 },
      expect: ['promises', 'truthful-acknowledgement'],
      ...target.scenario,
      ...started?.scenario,
      ...over,
    };
    return await run(scenario, { out: folder.path, ...(target.handler ? { handler: target.handler } : {}) });
  }

  describe(`the target contract on ${name}`, () => {
    test('every record arrives once, the target is named and measured, and nothing of it is left', async ({ skip }) => {
      if (target.missing !== undefined) skip(target.missing);
      const before = descendantsOf(process.pid).length;
      const result = await runWith({});
      expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
      expect(result.tally).toMatchObject({ expected: 600, delivered: 600 });
      expect(result.target.kind).toBe(name);
      expect(result.invocations.started > 0).toBe(target.isInvoked);
      expect((result.resources.target?.cpuS ?? 0) > 0).toBe(target.isMeasured);
      expect(descendantsOf(process.pid)).toHaveLength(before);
    });

    test('what the sink refuses is sent again until it is taken', async ({ skip }) => {
      if (target.missing !== undefined) skip(target.missing);
      const result = await runWith({ faults: [{ kind: 'sink.status', code: 503, nth: 1 }] });
      expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
      expect(result.tally.delivered).toBe(600);
      expect(result.faultsFired['sink.status']).toBeGreaterThan(0);
    });
  });
}
