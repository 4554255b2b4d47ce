// One container of a function's image: Docker limits it, freezes it and kills it, and it finds its Runtime API at the address of Docker's
// bridge. As on Lambda its files are read-only but for /tmp, and its user is none that may do much.

import { chmodSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';

import type { Clock } from '../core/clock.ts';
import { lambdaVariables, type FunctionFacts } from '../lambda/function.ts';
import type { ShutdownReason } from '../lambda/extension-desk.ts';
import { cannotStart, exitOfStatus, type Exit } from '../lambda/exit.ts';
import { Runtime, shutdownLimitsMs, type RuntimePlace, type SandboxLimit } from '../lambda/runtime.ts';
import { processLimit } from '../lambda/sandbox.ts';
import { caFileInside } from './container.ts';
import { readContainerUsage } from './container-usage.ts';
import type { Container, DockerApi } from './docker.ts';
import { extensionsFolder } from './image-extensions.ts';

export interface RuntimeContainerOptions {
  readonly api: DockerApi;
  readonly image: string;
  readonly command: readonly string[] | undefined;
  /** All but what Lambda itself tells a runtime, in addresses that hold inside. */
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the extensions that the image brings. */
  readonly extensions: readonly string[];
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

/** Docker's for what was killed by SIGKILL. */
const killedStatus = 137;

/** Longer than Docker takes to tell that a container has ended. */
const endLimitMs = 1000;

export class RuntimeContainer extends Runtime {
  readonly #options: RuntimeContainerOptions;
  #container: Container | undefined;
  #frozen = false;
  #isOutOfMemory = false;
  #killedFor: SandboxLimit | undefined;
  #ended: Promise<void> = Promise.resolve();
  #extensions: readonly Promise<void>[] = [];
  #isEnding = false;
  readonly #written: Promise<void>[] = [];
  readonly #closing = new AbortController();

  constructor(options: RuntimeContainerOptions) {
    super(options.clock, options.settings);
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bridgeAddress, extensions, place } = this.#options;
    const { address } = await this.openApi(extensions, bridgeAddress);
    try {
      this.#container = await this.#create(address);
      void this.#keepOutput(await this.#container.attach({ stream: true, stdout: true, stderr: true }));
      await this.#watchMemory(this.#container);
      await this.#container.start();
      this.#ended = this.#follow(this.#container);
      this.#extensions = extensions.map((name) => this.#runExtension(this.#container!, name));
    } catch (error) {
      writeSync(place.output, `${(error as Error).message}\n`);
      await this.#end({ code: cannotStart, signal: null });
    }
  }

  /** Beside the runtime, in its container and with its variables. Resolves at its end, which is the sandbox's unless that ends anyway. */
  async #runExtension(container: Container, name: string): Promise<void> {
    const ended = await this.#runIn(container, `${extensionsFolder}/${name}`).catch(() => undefined);
    // With the container's first process the kernel kills all others, and Docker may tell of that before it tells of the first.
    if (ended === killedStatus) await this.#within(endLimitMs, this.#ended);
    // Where Docker cannot tell, the container itself is gone.
    if (ended === undefined || this.over || this.#isEnding) return;
    const errorType = this.api?.extensions.toldError() ?? 'Extension.Crash';
    this.push({ type: 'extension-exit', errorType, ...exitOfStatus(ended) });
  }

  /** Its exit status; undefined where Docker does not tell. */
  async #runIn(container: Container, file: string): Promise<number | undefined> {
    const running = await container.exec({ Cmd: [file], AttachStdout: true, AttachStderr: true });
    await this.#keepOutput(await running.start({}));
    return (await running.inspect()).ExitCode ?? undefined;
  }

  /** Resolves when all of it is kept. */
  #keepOutput(stream: NodeJS.ReadWriteStream): Promise<void> {
    const output = outputTo(this.#options.place.output);
    this.#options.api.modem.demuxStream(stream, output, output);
    const written = finished(stream, { writable: false }).catch(() => undefined);
    this.#written.push(written);
    return written;
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

  /** The extensions hear of it before the runtime does, and not after it as on Lambda: the container ends with its first process. */
  async shutDown(reason: ShutdownReason): Promise<void> {
    const { internal = 0, external = 0 } = this.api?.extensions.registered() ?? {};
    if (internal + external === 0 || this.over) return this.kill();
    const { clock } = this.#options;
    this.#isEnding = true;
    await this.wake();
    const deadlineMs = clock.machineNowMs() + shutdownLimitsMs.all;
    const isAsked = this.api!.extensions.shutDown(reason, deadlineMs);
    const runtimeMs = internal > 0 ? shutdownLimitsMs.runtimeWithInternal : shutdownLimitsMs.runtime;
    if (isAsked) await this.#within(shutdownLimitsMs.all - runtimeMs, Promise.all(this.#extensions));
    await this.#ask((container) => container.kill({ signal: 'SIGTERM' }));
    await this.#within(runtimeMs, this.#ended);
    return this.kill();
  }

  async #within(limitMs: number, work: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const limit = this.#options.clock.machineSleep(limitMs, over.signal).catch(() => undefined);
    await Promise.race([work, limit]);
    over.abort();
  }

  /** What it is too late for is none of its business: the container may end at any moment. */
  async #ask(action: (container: Container) => Promise<unknown>): Promise<void> {
    if (!this.#container || this.over) return;
    await action(this.#container).catch(() => undefined);
  }

  async #follow(container: Container): Promise<void> {
    // Where Docker itself is gone, so is the container for all that is known.
    const lost = { StatusCode: killedStatus };
    const { StatusCode } = (await container.wait().catch(() => lost)) as { StatusCode: number };
    await this.#within(endLimitMs, Promise.all(this.#written));
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
    const errorType = this.api?.extensions.toldError();
    const killedFor = this.#killedFor;
    this.push({ type: 'exit', ...exit, ...(killedFor && { killedFor }), ...(errorType && { errorType }) });
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
