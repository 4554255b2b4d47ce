// Docker on this machine, through testcontainers: what targets in containers ask of it before they start one.

import { FlowrigError } from '../core/errors.ts';

type Testcontainers = typeof import('testcontainers');

type Client = Awaited<ReturnType<Testcontainers['getContainerRuntimeClient']>>;

/** The client of Docker's own API. */
export type DockerApi = Client['container']['dockerode'];

export type Container = Awaited<ReturnType<DockerApi['createContainer']>>;

export interface Image {
  /** SHA-256 (hex) of its configuration, which names its layers. */
  readonly id: string;
  readonly command: readonly string[];
  readonly variables: readonly string[];
  readonly workingFolder: string;
}

export interface Docker extends Pick<Testcontainers, 'GenericContainer' | 'Wait'> {
  readonly api: DockerApi;
  /** The host's address in Docker's default network. */
  bridgeAddress(): Promise<string>;
  /** Pulls it where it is not there yet. Rejects with a FlowrigError where it is not to be had. */
  image(name: string): Promise<Image>;
  /** With these testcontainers removes a container where the rig is killed. */
  labels(): Promise<Readonly<Record<string, string>>>;
}

export async function loadDocker(): Promise<Docker> {
  const testcontainers = await loadTestcontainers();
  const { getContainerRuntimeClient, getReaper, GenericContainer, Wait } = testcontainers;
  let client: Client;
  try {
    client = await getContainerRuntimeClient();
  } catch (cause) {
    const message = `target.kind: a container needs Docker, and none answers here: ${(cause as Error).message.replace(/\.$/, '')}. Start it, or set DOCKER_HOST.`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
  return {
    GenericContainer,
    Wait,
    api: client.container.dockerode,
    async bridgeAddress() {
      const network = (await client.network.getById('bridge').inspect()) as BridgeNetwork;
      const address = bridgeAddressOf(network);
      if (address !== undefined) return address;
      const message =
        'target.kind: Docker tells no gateway of its network "bridge", by which a container would reach the run.';
      throw new FlowrigError('environment-missing', message);
    },
    image: (name) => findImage(name, testcontainers, client),
    async labels() {
      const { sessionId } = await getReaper(client);
      return { 'org.testcontainers': 'true', [testcontainers.LABEL_TESTCONTAINERS_SESSION_ID]: sessionId };
    },
  };
}

async function findImage(name: string, { ImageName }: Testcontainers, client: Client): Promise<Image> {
  const imageName = ImageName.fromString(name);
  try {
    await client.image.pull(imageName);
    const { Id, Config } = await client.image.inspect(imageName);
    return {
      id: Id.replace(/^sha256:/, ''),
      command: Config.Cmd ?? [],
      variables: Config.Env ?? [],
      workingFolder: Config.WorkingDir,
    };
  } catch (cause) {
    const message = `target.image: ${name} is not to be had: ${(cause as Error).message}`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
}

/** Docker Engine API, NetworkInspect. */
export interface BridgeNetwork {
  readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string; readonly Subnet?: string }[] };
}

/**
 * The bridge that Docker has made itself tells no gateway until Docker starts again (20.10): it is the subnet's first address then, as
 * libnetwork gives it to the interface. The machine does not list an interface to which no container is connected yet.
 */
export function bridgeAddressOf({ IPAM }: BridgeNetwork): string | undefined {
  const { Gateway, Subnet } = IPAM?.Config?.[0] ?? {};
  return Gateway ?? Subnet?.replace(/\.0\/\d+$/, '.1');
}

/** 128 packages that only this target needs: the published package leaves it to the user to install them. */
async function loadTestcontainers(): Promise<Testcontainers> {
  try {
    return await import('testcontainers');
  } catch (cause) {
    const message = 'target.kind: a container needs the package testcontainers: npm install testcontainers@12.2.0';
    throw new FlowrigError('environment-missing', message, { cause });
  }
}
