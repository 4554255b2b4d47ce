import { expect, test } from 'vitest';

import { documentOf } from '../../src/scenario/document.ts';
import { mergeScenario } from '../../src/scenario/load.ts';
import { planScenario } from '../../src/scenario/plan.ts';
import { timeLimitOf, type TargetConfig } from '../../src/scenario/target-plan.ts';

function targetOf(target: unknown): TargetConfig {
  const document = documentOf({ version: 1, target }, 'scenario');
  return planScenario(mergeScenario(document, undefined, {}, import.meta.dirname)).target;
}

test('our own forwarder brings its memory, time limit and runtime, however it is named', () => {
  const env = { INFLIGHT: '1' };
  const whole = targetOf('builtin:forwarder');
  expect(whole).toMatchObject({ runtime: 'nodejs24.x', memoryBytes: 512 * 1024 ** 2, timeoutMs: 60_000 });
  expect(targetOf({ kind: 'lambda', code: 'builtin:forwarder', env })).toEqual({ ...whole, env });
  expect(targetOf({ kind: 'lambda', code: 'builtin:forwarder', memory: '128MB' })).toMatchObject({
    runtime: 'nodejs24.x',
    memoryBytes: 128 * 1024 ** 2,
  });
});

test('a function in an image has AWS’s defaults and the time limit of its invocations, a service has neither', () => {
  const image = { kind: 'container', image: 'my/image' };
  const ofFunction = targetOf({ ...image, lambda: { memory: '1024MB' } });
  expect(ofFunction).toMatchObject({ lambda: { memoryBytes: 1024 ** 3, timeoutMs: 3000, throttles: false } });
  expect(timeLimitOf(ofFunction)).toBe(3000);
  expect(timeLimitOf(targetOf(image))).toBeUndefined();
  expect(timeLimitOf(targetOf('builtin:forwarder'))).toBe(60_000);
});
