// LocalStack in a container of the run's own, by Docker. testcontainers starts it, and removes it even where the rig is killed.

import { FlowrigError } from '../core/errors.ts';
import type { Scope } from '../core/scope.ts';

export interface LocalstackImage {
  readonly image: string;
  /** LOCALSTACK_AUTH_TOKEN of the user's environment, for an image that asks for one. */
  readonly authToken?: string;
}

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

type Testcontainers = typeof import('testcontainers');
type Client = Awaited<ReturnType<Testcontainers['getContainerRuntimeClient']>>;

/** Starts the image and returns where it listens; the scope's end is its end. */
export async function startLocalstack({ image, authToken }: LocalstackImage, scope: Scope): Promise<string> {
  const testcontainers = await loadTestcontainers();
  const client = await findDocker(testcontainers);
  const { container, createdId } = containerOf(testcontainers, image, client.info.containerRuntime.host);
  container
    .withEnvironment({ ...variables, ...(authToken === undefined ? {} : { LOCALSTACK_AUTH_TOKEN: authToken }) })
    .withExposedPorts(port)
    // Asked over HTTP, as every image that stands in for LocalStack can be; its log line is its own.
    .withWaitStrategy(testcontainers.Wait.forHttp('/_localstack/health', port, { abortOnContainerExit: true }))
    .withStartupTimeout(startLimitMs);
  try {
    const started = await container.start();
    scope.defer(async () => void (await started.stop()));
    return `http://${started.getHost()}:${started.getMappedPort(port)}`;
  } catch (cause) {
    const log = await removeFailed(client, createdId());
    throw new FlowrigError('environment-missing', whyNot(image, `${(cause as Error).message}\n${log}`), { cause });
  }
}

async function findDocker({ getContainerRuntimeClient }: Testcontainers): Promise<Client> {
  try {
    return await getContainerRuntimeClient();
  } catch (cause) {
    const message = `store.kind: localstack needs Docker, and none answers here: ${(cause as Error).message} Start it, set DOCKER_HOST, or name a LocalStack that runs by store.endpoint or LOCALSTACK_ENDPOINT.`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
}

/** LocalStack takes any credentials: where Docker runs on this machine, nobody else reaches it. testcontainers has no word for that. */
function containerOf({ GenericContainer }: Testcontainers, image: string, dockerHost: string) {
  let id: string | undefined;
  class Container extends GenericContainer {
    protected override async beforeContainerCreated(): Promise<void> {
      if (dockerHost !== 'localhost') return;
      const bindings = Object.values(this.hostConfig.PortBindings as Record<string, { HostIp?: string }[]>).flat();
      for (const binding of bindings) binding.HostIp = '127.0.0.1';
    }

    protected override async containerCreated(createdId: string): Promise<void> {
      id = createdId;
    }
  }
  return { container: new Container(image), createdId: () => id };
}

/** One that ends at once is left by testcontainers 12.2, and its log untold. Returns the log's end. */
async function removeFailed(client: Client, id: string | undefined): Promise<string> {
  if (id === undefined) return '';
  const container = client.container.getById(id);
  const log = await container.logs({ stdout: true, stderr: true, tail: 20 }).catch(() => '');
  await container.remove({ force: true }).catch(() => undefined);
  // Docker puts eight bytes before each piece of it (Docker Engine API, ContainerAttach).
  return log.toString().replaceAll(/[^\x20-\x7e\n]/g, '');
}

function whyNot(image: string, reason: string): string {
  if (asksForToken.test(reason)) {
    return `store.image: ${image} asks for an account. Set LOCALSTACK_AUTH_TOKEN, or leave image out: the default asks for none.`;
  }
  const lines = reason.trim().split('\n');
  const said = [...new Set([lines[0], lines.at(-1)])].join(' ... ');
  return `store.image: ${image} did not start: ${said} Pull it, name another image, or name a LocalStack that runs by store.endpoint.`;
}

/** 128 packages that only Docker needs: the published package leaves it to the user to install them. */
async function loadTestcontainers(): Promise<Testcontainers> {
  try {
    return await import('testcontainers');
  } catch (cause) {
    const message =
      'store.kind: localstack needs the package testcontainers (npm install testcontainers@12.2.0), or one that runs, named by store.endpoint or LOCALSTACK_ENDPOINT.';
    throw new FlowrigError('environment-missing', message, { cause });
  }
}
