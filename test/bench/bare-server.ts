// A handler in a process of its own behind bare HTTP, as the Lambda rows compare themselves with.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';

export interface BareServer extends AsyncDisposable {
  call(event: unknown): Promise<void>;
}

export async function startBareServer(command: string, file: string): Promise<BareServer> {
  const child = spawn(command, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const options = { host: '127.0.0.1', port: Number(line.toString()), method: 'POST', agent };
  return {
    call: (event) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(event);
        const headers = { 'content-length': Buffer.byteLength(body) };
        const sent = request({ ...options, headers }, (response) => response.resume().on('end', resolve));
        sent.on('error', reject).end(body);
      }),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
