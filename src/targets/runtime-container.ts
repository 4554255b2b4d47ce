// One container of a function's image: Docker limits it, freezes it and kills it, and it finds its Runtime API at the address of Docker's
// bridge. As on Lambda its files are read-only but for /tmp, and its user is none that may do much.

import { chmodSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';

import type { Clock } from '../core/clock.ts';
import { lambdaVariables, type FunctionFacts } from '../lambda/function.ts';
import { cannotStart, exitOfStatus, type Exit } from '../lambda/exit.ts';
import { Runtime, type RuntimePlace, type SandboxLimit } from '../lambda/runtime.ts';
import { processLimit } from '../lambda/sandbox.ts';
import { caFileInside } from './container.ts';
import { readContainerUsage } from './container-usage.ts';
import type { Container, DockerApi } from './docker.ts';

export interface RuntimeContainerOptions {
  readonly api: DockerApi;
  readonly image: string;
  readonly command: readonly string[] | undefined;
  /** All but what Lambda itself tells a runtime, in addresses that hold inside. */
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly caFile: string;
  /** The host's address, as the container sees it. */
  readonly bridgeAddress: string;
  readonly settings: FunctionFacts;
  readonly place: RuntimePlace;
  readonly clock: Clock;
}

/** Who runs functions on Lambda: `sbx_user1051` of its sandboxes. An own user of the rig's may be the only one who can tidy up. */
const lambdaUser = '993:990';

const cpuPeriodUs = 20_000;
const leastQuotaUs = 1000;

/** Docker's for a container that was killed by SIGKILL. */
const killedStatus = 137;

export class RuntimeContainer extends Runtime {
  readonly #options: RuntimeContainerOptions;
  #container: Container | undefined;
  #frozen = false;
  #isOutOfMemory = false;
  #killedFor: SandboxLimit | undefined;
  #ended: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(options: RuntimeContainerOptions) {
    super(options.clock, options.settings);
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bridgeAddress, place } = this.#options;
    const { address } = await this.openApi([], bridgeAddress);
    try {
      this.#container = await this.#create(address);
      const stream = await this.#container.attach({ stream: true, stdout: true, stderr: true });
      const output = outputTo(place.output);
      this.#container.modem.demuxStream(stream, output, output);
      const written = finished(stream, { writable: false }).catch(() => undefined);
      await this.#watchMemory(this.#container);
      await this.#container.start();
      this.#ended = this.#follow(this.#container, written);
    } catch (error) {
      writeSync(place.output, `${(error as Error).message}\n`);
      await this.#end({ code: cannotStart, signal: null });
    }
  }

  /** Docker tells at once when the kernel kills one of its processes; its state tells only when the container has ended. */
  async #watchMemory({ id }: Container): Promise<void> {
    const filters = JSON.stringify({ container: [id], event: ['oom'] });
    const events = await this.#options.api.getEvents({ filters, abortSignal: this.#closing.signal });
    events.on('error', () => undefined);
    events.on('data', () => {
      this.#isOutOfMemory = true;
      this.killFor('memory');
    });
  }

  #create(runtimeApi: string): Promise<Container> {
    const { api, image, command, env, labels, caFile, settings, place } = this.#options;
    const { sandbox } = place;
    const { uid, gid } = userInfo();
    const variables = { ...env, ...lambdaVariables(settings, sandbox, runtimeApi) };
    // Its user is not the rig's own; the folder around it lets nobody else in.
    if (uid === 0) chmodSync(sandbox.tmp, 0o1777);
    return api.createContainer({
      Image: image,
      ...(command && { Cmd: [...command] }),
      Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      User: uid === 0 ? lambdaUser : `${uid}:${gid}`,
      Labels: { ...labels },
      HostConfig: {
        Memory: settings.memoryBytes,
        MemorySwap: settings.memoryBytes,
        PidsLimit: processLimit,
        Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 1024 }],
        ReadonlyRootfs: true,
        Binds: [`${sandbox.tmp}:/tmp`, `${caFile}:${caFileInside}:ro`],
        // The rig keeps its log.
        LogConfig: { Type: 'none', Config: {} },
      },
    });
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  async limitCpu(cores: number | undefined): Promise<void> {
    if (cores === undefined) return;
    const CpuQuota = Math.max(leastQuotaUs, Math.round(cores * cpuPeriodUs));
    await this.#ask((container) => container.update({ CpuPeriod: cpuPeriodUs, CpuQuota }));
  }

  async wake(): Promise<void> {
    if (!this.#frozen) return;
    await this.#ask((container) => container.unpause());
    this.#frozen = false;
  }

  async rest(): Promise<void> {
    await this.#ask((container) => container.pause());
    this.#frozen = !this.over;
  }

  sample(): void {
    const now = this.#container && readContainerUsage(this.#container.id);
    if (!now) return;
    this.lastUsage = {
      ...now,
      cpuS: Math.max(now.cpuS, this.usage.cpuS),
      rssPeakBytes: Math.max(now.rssPeakBytes, this.usage.rssPeakBytes),
    };
  }

  isOverMemory(): boolean {
    return this.#isOutOfMemory;
  }

  killFor(limit: SandboxLimit): void {
    this.#killedFor ??= limit;
    void this.kill();
  }

  async kill(): Promise<void> {
    this.sample();
    await this.#ask((container) => container.kill());
    await this.#ended;
  }

  /** Nothing in it is an extension that Lambda would have started: those of an image are not started here. */
  shutDown(): Promise<void> {
    return this.kill();
  }

  /** What it is too late for is none of its business: the container may end at any moment. */
  async #ask(action: (container: Container) => Promise<unknown>): Promise<void> {
    if (!this.#container || this.over) return;
    await action(this.#container).catch(() => undefined);
  }

  async #follow(container: Container, written: Promise<void>): Promise<void> {
    // Where Docker itself is gone, so is the container for all that is known.
    const lost = { StatusCode: killedStatus };
    const { StatusCode } = (await container.wait().catch(() => lost)) as { StatusCode: number };
    await written;
    const isOutOfMemory = await container.inspect().then(
      ({ State }) => State.OOMKilled,
      () => false,
    );
    if (isOutOfMemory) this.#killedFor = 'memory';
    await this.#end(exitOfStatus(StatusCode));
  }

  async #end(exit: Exit): Promise<void> {
    this.over = true;
    this.#frozen = false;
    this.#closing.abort();
    if (this.#killedFor === 'memory') {
      const rssPeakBytes = Math.max(this.usage.rssPeakBytes, this.#options.settings.memoryBytes);
      this.lastUsage = { ...this.usage, rssPeakBytes };
    }
    this.push({ type: 'exit', ...exit, ...(this.#killedFor && { killedFor: this.#killedFor }) });
    await this.#container?.remove({ force: true, v: true }).catch(() => undefined);
    await this.api?.[Symbol.asyncDispose]();
  }
}

function outputTo(descriptor: number): Writable {
  return new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      writeSync(descriptor, chunk);
      done();
    },
  });
}
