// What tests with Docker share: the images, or the skip that says why there are none; its command line; and Compose, in whichever form
// the machine has it.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeEach, inject } from 'vitest';

import { published, type Images } from './images.ts';

const run = promisify(execFile);
const found = inject('docker');

export const root = join(import.meta.dirname, '../..');
export const images: Images = typeof found === 'string' ? published : found;

/** Skips every test of the file where there is no Docker. */
export function needsDocker(): void {
  beforeEach(({ skip }) => {
    if (typeof found === 'string') skip(found);
  });
}

export interface Told {
  readonly stdout: string;
  readonly stderr: string;
}

/** Rejects where the command fails. */
export function docker(words: readonly string[], env: Record<string, string> = {}): Promise<Told> {
  return tell('docker', words, env);
}

/** `docker compose`, or the `docker-compose` that came before it; undefined where the machine has neither. */
export async function findCompose(): Promise<
  ((words: readonly string[], env?: Record<string, string>) => Promise<Told>) | undefined
> {
  for (const [program, first] of [['docker', ['compose']] as const, ['docker-compose', []] as const]) {
    const works = await tell(program, [...first, 'version'], {}).then(
      () => true,
      () => false,
    );
    if (works) return (words, env = {}) => tell(program, [...first, ...words], env);
  }
  return undefined;
}

async function tell(program: string, words: readonly string[], env: Record<string, string>): Promise<Told> {
  return run(program, words, { cwd: root, env: { ...process.env, DOCKER_BUILDKIT: '0', ...env }, maxBuffer: 1 << 26 });
}
