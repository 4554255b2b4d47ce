// The playground of docker-compose.yml: it comes up, answers at the ports that it names, runs a scenario, and goes without a trace.

import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { until } from '../e2e/rig-process.ts';
import { freePorts } from '../targets/function-endpoint.ts';
import { docker, findCompose, images, needsDocker } from './with-docker.ts';

needsDocker();

const project = `flowrig-test-${process.pid}`;

test(
  'the playground comes up, takes objects and records, runs a scenario on LocalStack, and leaves nothing',
  { timeout: 300_000 },
  async ({ skip }) => {
    const compose = await findCompose();
    if (!compose) return skip('there is neither docker compose nor docker-compose on this machine');
    if (images.localstack === undefined) return skip('LocalStack is not installed; npm run test:localstack does that');
    const [s3, sink, grpc, admin] = (await freePorts(4)) as [number, number, number, number];
    const env = {
      COMPOSE_PROJECT_NAME: project,
      LOCALSTACK_IMAGE: images.localstack,
      LOCALSTACK_PORT: String(s3),
      SIGNOZ_PORT: String(sink),
      SIGNOZ_GRPC_PORT: String(grpc),
      SIGNOZ_ADMIN_PORT: String(admin),
    };
    try {
      await compose(['up', '--detach'], env);
      // It waits for LocalStack's health.
      const words = ['run', '--rm', 'flowrig', 'run', 'quickstart', '--out', '/tmp/runs', '--json', '--quiet'];
      const over = ['--set', 'store.kind=localstack', '--set', 'traffic.records=2k'];
      const { stdout } = await compose([...words, ...over], env);
      expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({
        scenario: { store: { kind: 'localstack' } },
        tally: { delivered: 2000 },
        verdict: { validity: 'pass' },
      });
      const client = new S3Client({
        endpoint: `http://127.0.0.1:${s3}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      await client.send(new CreateBucketCommand({ Bucket: 'mine' }));
      expect((await client.send(new ListBucketsCommand({}))).Buckets).toMatchObject([{ Name: 'mine' }]);
      client.destroy();
      const posted = await fetch(`http://127.0.0.1:${sink}/logs/json`, {
        method: 'POST',
        headers: { 'signoz-ingestion-key': 'any-key-0123' },
        body: '[{"body":"a flow"}]',
      });
      expect(posted.status).toBe(200);
      const deliveries = await (await fetch(`http://127.0.0.1:${admin}/deliveries`)).text();
      expect(deliveries).toContain('"a flow"');
      const id = (await compose(['ps', '--quiet', 'signoz'], env)).stdout.trim();
      const health = async (): Promise<string> =>
        (await docker(['inspect', '--format', '{{.State.Health.Status}}', id])).stdout.trim();
      await until('the sink is healthy', async () => (await health()) === 'healthy');
    } finally {
      await compose(['down', '--volumes'], env);
    }
    const label = `label=com.docker.compose.project=${project}`;
    for (const words of ['ps --all', 'network ls', 'volume ls']) {
      expect((await docker([...words.split(' '), '--quiet', '--filter', label])).stdout).toBe('');
    }
  },
);

test('Compose accepts the file, and every port of it is this machine’s alone', async ({ skip }) => {
  const compose = await findCompose();
  if (!compose) return skip('there is neither docker compose nor docker-compose on this machine');
  const { stdout } = await compose(['config']);
  const published = stdout.match(/(127\.0\.0\.1|host_ip: 127\.0\.0\.1)/g) ?? [];
  expect(published.length).toBeGreaterThanOrEqual(4);
  expect(stdout).not.toMatch(/0\.0\.0\.0:\d+:/);
});
