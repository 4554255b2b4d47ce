// What tests with Python need of the machine. Where it is missing they are skipped, and say why.

import type { TestContext } from 'vitest';

import { FlowrigError } from '../../src/core/errors.ts';
import type { Interpreter } from '../../src/lambda/runtimes/family.ts';
import { findBase, findInterpreter } from '../../src/targets/lambda-interpreter.ts';
import { machineOf } from '../../src/targets/machine.ts';
import { openTestTarget, type TestTarget } from '../targets/open-test-target.ts';

export const machine = machineOf({
  env: process.env,
  nodePath: process.execPath,
  nodeVersion: process.versions.node,
});

export const forwarders = `${import.meta.dirname}/forwarders`;

async function orReason<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FlowrigError && error.exitCode === 4) return error.message;
    throw error;
  }
}

/** The machine's Python; skips the test where there is none. */
export async function pythonOf({ skip }: TestContext): Promise<Interpreter> {
  const found = await orReason(findBase({ code: '/', runtime: 'python3.11' }, machine));
  return typeof found === 'string' ? skip(found) : found;
}

/** The Python of a forwarder's cached environment; skips the test where `flowrig setup` has not made it. */
export async function environmentOf({ skip }: TestContext, forwarder: string): Promise<Interpreter> {
  const code = `${forwarders}/${forwarder}`;
  const found = await orReason(findInterpreter({ code, runtime: 'python3.11' }, machine));
  return typeof found === 'string' ? skip(found) : found.interpreter;
}

/** A function of this source, on the machine's own Python without any packages looked for. */
export async function openPythonTarget(
  context: TestContext,
  source: string | Readonly<Record<string, string>>,
  options: Parameters<typeof openTestTarget>[1] = {},
): Promise<TestTarget> {
  const { path: interpreter } = await pythonOf(context);
  const files = typeof source === 'string' ? { 'lambda_function.py': source } : source;
  return openTestTarget(files, { runtime: 'python3.11', interpreter, ...options });
}
