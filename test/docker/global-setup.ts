// One engine and its images for all test files of the project; what is missing is told to each of them.

import type { TestProject } from 'vitest/node';

import { openEngine } from './engine.ts';
import { buildFlowrig, buildFunctions, makeImages, published, type Images } from './images.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The images to start from, or the sentence why there is no Docker. */
    readonly docker: Images | string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engine = await openEngine();
  if (typeof engine === 'string') {
    project.provide('docker', engine);
    return async () => undefined;
  }
  try {
    if (engine.host !== undefined) {
      // For testcontainers and the command line, in this process and in those of the tests. Ryuk cannot be pulled: the engine's own end
      // is the end of what a killed test leaves.
      Object.assign(process.env, { DOCKER_HOST: engine.host, TESTCONTAINERS_RYUK_DISABLED: 'true' });
    }
    const images = engine.host === undefined ? published : await makeImages(engine.host);
    await buildFlowrig(images.node);
    await buildFunctions(images);
    project.provide('docker', images);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return async () => engine[Symbol.asyncDispose]();
}
