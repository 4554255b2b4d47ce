// Which extensions an image of a function brings: the files in its /opt/extensions, which Lambda starts beside the runtime (Lambda guide,
// "Using the Lambda Extensions API to create extensions").

import type { Container, DockerApi } from './docker.ts';

export const extensionsFolder = '/opt/extensions';

/** Names of its executables there. Read from a container that is never started: an image need not have a shell. */
export async function extensionsOf(api: DockerApi, image: string): Promise<string[]> {
  const container = await api.createContainer({ Image: image, Cmd: ['-'] });
  try {
    return await readFolder(container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function readFolder(container: Container): Promise<string[]> {
  const chunks: Buffer[] = [];
  try {
    const archive = await container.getArchive({ path: extensionsFolder });
    for await (const chunk of archive) chunks.push(chunk as Buffer);
  } catch (error) {
    // There is no such folder.
    if ((error as { statusCode?: number }).statusCode === 404) return [];
    throw error;
  }
  return executablesIn(Buffer.concat(chunks));
}

const blockBytes = 512;

/** Files at the top of the folder that the archive holds (POSIX.1-1988, ustar: names at 0, mode at 100, size at 124, type at 156). */
export function executablesIn(archive: Buffer): string[] {
  const names: string[] = [];
  let at = 0;
  while (at + blockBytes <= archive.length && archive[at] !== 0) {
    const text = (from: number, length: number): string =>
      archive.toString('utf8', at + from, at + from + length).replace(/\0[^]*$/, '');
    const octal = (from: number, length: number): number => Number.parseInt(text(from, length).trim(), 8);
    const [, name, ...deeper] = text(0, 100).split('/');
    const isFile = text(156, 1) === '0' || text(156, 1) === '';
    if (isFile && name && deeper.length === 0 && (octal(100, 8) & 0o111) !== 0) names.push(name);
    at += blockBytes + Math.ceil(octal(124, 12) / blockBytes) * blockBytes;
  }
  return names;
}
