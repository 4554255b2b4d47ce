// Whether this machine has a Docker; its tests are skipped where it has none, and say so.

import { getContainerRuntimeClient } from 'testcontainers';

/** The reason to skip; undefined where Docker answers. */
export const withoutDocker = await getContainerRuntimeClient().then(
  () => undefined,
  () => 'no Docker answers on this machine',
);
