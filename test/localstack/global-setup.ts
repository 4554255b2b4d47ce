// One LocalStack for all test files of the project, there before the first and gone after the last.

import type { TestProject } from 'vitest/node';

import { startLocalstackProcess } from './localstack-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where it listens and which version it is, or the sentence why it cannot be had. */
    readonly localstack: { readonly endpoint: string; readonly version: string } | string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await startLocalstackProcess();
  if (typeof started === 'string') {
    project.provide('localstack', started);
    return async () => undefined;
  }
  const { endpoint, version } = started;
  project.provide('localstack', { endpoint, version });
  return async () => started[Symbol.asyncDispose]();
}
