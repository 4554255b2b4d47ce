// A forwarder with SigNoz's real address in its code, as it would be deployed: it runs unchanged, and nothing of it leaves.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { forwarderFolder, pipeline } from './situation.ts';

/** Posts to a URL that stands in its code; `before` runs at each object. */
function hardCoded(before = ''): string {
  return `import { newHandler, readLines } from ${JSON.stringify(pipeline)};
export const handler = newHandler({
  async readLines(bucket, key) {
    ${before}
    return readLines(bucket, key);
  },
  async send(records) {
    const response = await fetch('https://ingest.us.signoz.cloud:443/logs/json', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
      body: JSON.stringify(records),
    });
    if (!response.ok) throw new Error('SigNoz answered ' + response.status);
  },
});
`;
}

test('a Lambda with the real https URL in its code passes, frozen between its invocations, with keep-alive', async () => {
  await using folder = forwarderFolder(hardCoded());
  const { exitCode, stdout } = await folder.flowrig('run', 'scenario.yaml', '--json', '--quiet');
  const result = JSON.parse(stdout) as RunResult;
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally).toMatchObject({ expected: 1000, delivered: 1000 });
  expect([result.invocations.started, result.invocations.coldStarts]).toEqual([4, 1]);
  expect(result.egress).toBe('routed');
  expect(exitCode).toBe(0);
  const report = readFileSync(join(folder.path, 'runs/latest/report.txt'), 'utf8');
  expect(report).toContain("egress      routed: by the target's variables; a client that ignores them is not stopped");
});

test('a host that is not stood for is a note, a failure where the scenario expects no-egress, and the same again for judge', async () => {
  const before = `await fetch('https://example.com/').catch(() => fetch('https://example.com:8443/').catch(() => undefined));`;
  await using folder = forwarderFolder(hardCoded(before));
  const noted = await folder.flowrig('run', 'scenario.yaml', '--quiet');
  const summary =
    'the target reached for example.com (4 times), example.com:8443 (4 times), and was refused: only SigNoz and AWS are stood for';
  expect(noted.stdout).toContain(`  note        ${summary}  (reached-for-the-internet)\n`);
  expect(noted.exitCode).toBe(0);
  const finding = { id: 'reached-for-the-internet', check: 'no-egress', summary, witnesses: [] };
  const again = await folder.flowrig('judge', 'runs/latest', '--json');
  expect((JSON.parse(again.stdout) as RunResult).verdict).toEqual({
    validity: 'pass',
    findings: [{ ...finding, validity: 'pass' }],
  });
  const convicted = await folder.flowrig('run', 'scenario.yaml', '--json', '--quiet', '--set', 'expect=[no-egress]');
  expect((JSON.parse(convicted.stdout) as RunResult).verdict).toEqual({
    validity: 'fail',
    findings: [{ ...finding, validity: 'fail' }],
  });
  expect(convicted.exitCode).toBe(1);
});

test('sink.host is how a target meets the sink under its real name; its variables are made, and its own come last', async () => {
  const seen = `console.log('seen ' + JSON.stringify(process.env));`;
  await using folder = forwarderFolder(hardCoded(seen), {
    sink: { host: 'ingest.eu2.signoz.cloud' },
    traffic: { records: 10 },
  });
  const { exitCode } = await folder.flowrig(
    'run',
    'scenario.yaml',
    '--quiet',
    '--set',
    "target.env={ SIGNOZ_KEY: '${sink.key}', URL: '${sink.url}', JSON_URL: '${sink.jsonUrl}', OTLP_URL: '${sink.otlpUrl}', GRPC_URL: '${sink.grpcUrl}', NO_PROXY: mine }",
  );
  expect(exitCode).toBe(0);
  const log = readFileSync(join(folder.path, 'runs/latest/target.log'), 'utf8');
  const variables = JSON.parse(/seen (\{.*\})/.exec(log)![1]!) as Record<string, string>;
  const caFile = variables['NODE_EXTRA_CA_CERTS']!;
  expect(variables).toMatchObject({
    URL: 'https://ingest.eu2.signoz.cloud',
    JSON_URL: 'https://ingest.eu2.signoz.cloud/logs/json',
    OTLP_URL: 'https://ingest.eu2.signoz.cloud/v1/logs',
    GRPC_URL: 'https://ingest.eu2.signoz.cloud',
    HTTPS_PROXY: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    NODE_USE_ENV_PROXY: '1',
    NO_PROXY: 'mine',
    REQUESTS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    AWS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
  });
  expect(Object.keys(variables)).not.toContain('HTTP_PROXY');
  expect(readFileSync(caFile, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(readdirSync(join(folder.path, 'runs/latest'))).toContain('ca.pem');
});

test("the shipped forwarder meets SigNoz's real name, and gets over a certificate and a resolver that fail once", async () => {
  await using folder = forwarderFolder('', {
    target: 'builtin:forwarder',
    limits: { concurrency: 1 },
    sink: { host: 'ingest.in.signoz.cloud' },
    faults: [
      { kind: 'net.dns', error: 'EAI_AGAIN', nth: 1 },
      { kind: 'net.tls', problem: 'expired', nth: 2 },
    ],
  });
  const { stdout } = await folder.flowrig('run', 'scenario.yaml', '--json', '--quiet');
  const result = JSON.parse(stdout) as RunResult;
  expect(result.verdict.findings).toEqual([]);
  expect(result.faultsFired).toEqual({ 'net.dns': 1, 'net.tls': 1 });
  expect(result.tally).toMatchObject({ expected: 1000, delivered: 1000 });
});

test('a fault of the network that nobody meets, since all go to loopback, makes the run unknown', async () => {
  await using folder = forwarderFolder('', {
    target: 'builtin:forwarder',
    traffic: { records: 10 },
    faults: [{ kind: 'net.tls', problem: 'expired' }],
  });
  const { exitCode, stdout } = await folder.flowrig('run', 'scenario.yaml', '--quiet');
  expect(stdout).toContain('the fault net.tls never fired');
  expect(exitCode).toBe(2);
});

test('an outage of names dead-letters what it met, and that is not held against an honest forwarder', async () => {
  await using folder = forwarderFolder(hardCoded(), { faults: [{ kind: 'net.dns', error: 'ENOTFOUND', for: '1h' }] });
  const { stdout } = await folder.flowrig('run', 'scenario.yaml', '--json', '--quiet');
  const result = JSON.parse(stdout) as RunResult;
  expect(result.tally).toMatchObject({ expected: 1000, deadLettered: 1000 });
  expect(result.verdict.validity).toBe('pass');
  expect(result.verdict.findings.map(({ id, validity }) => [id, validity])).toEqual([
    ['dead-letters-forgiven', 'pass'],
  ]);
});

test('a sink.host that is none is told with its line', async () => {
  await using folder = forwarderFolder(hardCoded());
  folder.write(
    'wrong.yaml',
    'version: 1\nsink:\n  host: ingest.signoz.cloud\n---\n'.replace(
      '---\n',
      'target: { kind: lambda, code: ./forwarder.mjs }\n',
    ),
  );
  folder.write('flowrig.yaml', 'version: 1\nsink:\n  edition: selfhost\n  host: ingest.us.signoz.cloud\n');
  const wrong = await folder.flowrig('validate', 'wrong.yaml');
  expect(wrong.stderr).toContain(
    'wrong.yaml:3: sink.host: "ingest.signoz.cloud" is no host of SigNoz Cloud. Write ingest.REGION.signoz.cloud, such as ingest.us.signoz.cloud.',
  );
  const selfhost = await folder.flowrig('validate', 'scenario.yaml');
  expect(selfhost.stderr).toContain('sink.host: ingest.us.signoz.cloud is SigNoz Cloud, and the edition is selfhost.');
  expect([wrong.exitCode, selfhost.exitCode]).toEqual([3, 3]);
});
