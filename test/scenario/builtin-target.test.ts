import { expect, test } from 'vitest';

import { documentOf } from '../../src/scenario/document.ts';
import { mergeScenario } from '../../src/scenario/load.ts';
import { planScenario } from '../../src/scenario/plan.ts';

test('our own forwarder brings its memory, time limit and runtime, however it is named', () => {
  const targetOf = (target: unknown): unknown =>
    planScenario(mergeScenario(documentOf({ version: 1, target }, 'scenario'), undefined, {}, import.meta.dirname))
      .target;
  const env = { INFLIGHT: '1' };
  const whole = targetOf('builtin:forwarder');
  expect(whole).toMatchObject({ runtime: 'nodejs24.x', memoryBytes: 512 * 1024 ** 2, timeoutMs: 60_000 });
  expect(targetOf({ kind: 'lambda', code: 'builtin:forwarder', env })).toEqual({ ...(whole as object), env });
  expect(targetOf({ kind: 'lambda', code: 'builtin:forwarder', memory: '128MB' })).toMatchObject({
    runtime: 'nodejs24.x',
    memoryBytes: 128 * 1024 ** 2,
  });
});
