// LocalStack in a container of the run's own, by Docker. testcontainers starts it, and removes it even where the rig is killed.

import { FlowrigError } from '../core/errors.ts';
import type { Scope } from '../core/scope.ts';
import type { LocalstackOptions } from './localstack.ts';

/** Its gateway (docs.localstack.cloud, "External ports"). */
const port = 4566;

/** Ready in 2 to 9 s as measured; a machine that is busy takes longer. Pulling the image is not counted. */
const startLimitMs = 120_000;

/** Only what a run needs, no analytics, and no call home (docs.localstack.cloud, "Configuration"). */
const variables = {
  SERVICES: 's3,sqs',
  SQS_ENDPOINT_STRATEGY: 'path',
  DISABLE_EVENTS: '1',
  SKIP_SSL_CERT_DOWNLOAD: '1',
  DNS_ADDRESS: '0',
};

/** How an image of 2026 and later says what it lacks, before it exits with 55. */
const asksForToken = /LOCALSTACK_AUTH_TOKEN|No credentials were found|License activation failed/;

/** Starts the image and returns where it listens; the scope's end is its end. */
export async function startLocalstack({ image, authToken }: LocalstackOptions, scope: Scope): Promise<string> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await loadTestcontainers();
  try {
    await getContainerRuntimeClient();
  } catch (cause) {
    const message = `store.kind: localstack needs Docker, and none answers here: ${(cause as Error).message} Start it, set DOCKER_HOST, or name a LocalStack that runs by store.endpoint or LOCALSTACK_ENDPOINT.`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
  try {
    const started = await new GenericContainer(image)
      .withEnvironment({ ...variables, ...(authToken === undefined ? {} : { LOCALSTACK_AUTH_TOKEN: authToken }) })
      .withExposedPorts(port)
      // Asked over HTTP, as every image that stands in for LocalStack can be; its log line is its own.
      .withWaitStrategy(Wait.forHttp('/_localstack/health', port, { abortOnContainerExit: true }))
      .withStartupTimeout(startLimitMs)
      .start();
    scope.defer(async () => void (await started.stop()));
    return `http://${started.getHost()}:${started.getMappedPort(port)}`;
  } catch (cause) {
    throw new FlowrigError('environment-missing', whyNot(image, (cause as Error).message), { cause });
  }
}

function whyNot(image: string, reason: string): string {
  const lines = reason.trim().split('\n');
  return asksForToken.test(reason)
    ? `store.image: ${image} asks for an account. Set LOCALSTACK_AUTH_TOKEN, or leave image out: the default asks for none.`
    : `store.image: ${image} did not start: ${[lines[0], lines.at(-1)].filter((line, index, all) => all.indexOf(line) === index).join(' ... ')} Pull it, name another image, or name a LocalStack that runs by store.endpoint.`;
}

/** 128 packages that only Docker needs: the published package leaves it to the user to install them. */
async function loadTestcontainers(): Promise<typeof import('testcontainers')> {
  try {
    return await import('testcontainers');
  } catch (cause) {
    const message =
      'store.kind: localstack needs the package testcontainers (npm install testcontainers@12.2.0), or one that runs, named by store.endpoint or LOCALSTACK_ENDPOINT.';
    throw new FlowrigError('environment-missing', message, { cause });
  }
}
