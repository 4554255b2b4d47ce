// Standard output: the files one after the other, as fast as they are read. Gzipped ones together are one gzip of several members.

import { FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Output } from './output.ts';

export function openStandardOutput(host: Host): Output {
  return {
    where: 'to standard output',
    async put(_key, bytes) {
      try {
        await host.writeOut(bytes);
      } catch (cause) {
        const { message } = cause as Error;
        throw new FlowrigError('cannot-write', `Standard output was closed before all was written: ${message}`, {
          cause,
        });
      }
    },
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
