// How an error becomes a sentence on stderr and an exit code.

import { exitCodes, FlowrigError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';

/** Says what is wrong on stderr and returns the exit code that it means. */
export function tell(host: Pick<Host, 'write'>, error: unknown): number {
  if (error instanceof FlowrigError) {
    const lines = error.problems.map(
      ({ place, message }) => `  ${place === undefined ? '' : `${place}: `}${message}\n`,
    );
    host.write('stderr', `${error.message}\n${lines.join('')}`);
    return error.exitCode;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  host.write('stderr', `This is a bug in flowrig; please report it with what follows.\n${trace}\n`);
  return exitCodes.bug;
}
