// Programs that know SigNoz by its real name only, each with a client that people use.

import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { openEgressRig, runNode, runProgram, type EgressRig } from './egress-rig.ts';
import { key } from './rig.ts';

const url = 'https://ingest.us.signoz.cloud:443/logs/json';
const headers = { 'content-type': 'application/json', 'signoz-ingestion-key': key };
const body = '[{"body":"a"}]';

/** What reached the sink, and under which name. */
async function arrivals({ rig }: EgressRig): Promise<{ host: string | undefined; bodies: unknown[] }> {
  await rig.sink.idle();
  expect(rig.deliveries.map(({ acknowledgement }) => acknowledgement)).toEqual(['acknowledged']);
  return { host: rig.deliveries[0]!.headers['host'], bodies: rig.records.get(1)!.map((record) => record.body) };
}

const real = { host: 'ingest.us.signoz.cloud', bodies: ['a'] };

const nodeClients: Readonly<Record<string, string>> = {
  fetch: `const { status } = await fetch('${url}', ${JSON.stringify({ method: 'POST', headers, body })});
    console.log(status);`,
  'node:https as it is': `import { request } from 'node:https';
    request('${url}', ${JSON.stringify({ method: 'POST', headers })}, (response) => {
      console.log(response.statusCode);
      response.resume();
    }).end('${body}');`,
  'node:https with an agent that reads the environment': `import { Agent, request } from 'node:https';
    const agent = new Agent({ keepAlive: true, proxyEnv: process.env });
    request('${url}', { agent, ...${JSON.stringify({ method: 'POST', headers })} }, (response) => {
      console.log(response.statusCode);
      response.resume().on('end', () => agent.destroy());
    }).end('${body}');`,
  'undici with EnvHttpProxyAgent': `import { EnvHttpProxyAgent, request } from 'undici';
    const dispatcher = new EnvHttpProxyAgent();
    const { statusCode } = await request('${url}', { dispatcher, ...${JSON.stringify({ method: 'POST', headers, body })} });
    console.log(statusCode);
    await dispatcher.close();`,
};

test.for(Object.entries(nodeClients))('%s', async ([, source]) => {
  await using opened = await openEgressRig();
  expect(await runNode(opened.egress, source)).toEqual({ exitCode: 0, stdout: '200\n', stderr: '' });
  expect(await arrivals(opened)).toEqual(real);
});

test('curl', async ({ skip }) => {
  skip(!answers('curl', '--version'), 'there is no curl');
  await using opened = await openEgressRig();
  const options = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const { stdout, exitCode } = await runProgram(opened.egress, [
    'curl',
    '--silent',
    '--show-error',
    '--write-out',
    '%{http_code}',
    ...options,
    '--data',
    body,
    url,
  ]);
  expect([stdout, exitCode]).toEqual(['200', 0]);
  expect(await arrivals(opened)).toEqual(real);
});

test('without the variables of the run none of it would work: the authority is in no trust store', async () => {
  await using opened = await openEgressRig();
  const { stdout } = await runNode(
    opened.egress,
    `await fetch('${url}').catch((error) => console.log(error.cause.code));`,
    { NODE_EXTRA_CA_CERTS: '' },
  );
  expect(stdout).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE\n');
  expect(opened.rig.deliveries).toEqual([]);
});

function answers(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
