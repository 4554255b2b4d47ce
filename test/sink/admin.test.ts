// The admin API itself: who may use it, what it counts, and how it describes itself.

import { Validator } from '@seriousme/openapi-schema-validator';
import { request as httpRequest } from 'node:http';
import Schema from 'typebox/schema';
import { expect, test } from 'vitest';

import { openAdminRig } from './admin-rig.ts';
import { post } from './rig.ts';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface OpenapiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

async function documentOf(url: string): Promise<OpenapiDocument> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as OpenapiDocument;
}

test('the OpenAPI document is valid, names every route, and every route of it answers', async () => {
  await using rig = await openAdminRig();
  const document = await documentOf(rig.url);
  expect(document.openapi).toBe('3.1.0');
  expect(await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({
    valid: true,
  });
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations.toSorted()).toEqual([
    'DELETE /deliveries',
    'DELETE /faults',
    'GET /deliveries',
    'GET /faults',
    'GET /healthz',
    'GET /metrics',
    'GET /openapi.json',
    'PUT /faults',
  ]);
  for (const operation of operations) {
    const [method, path] = operation.split(' ') as [string, string];
    const response = await fetch(rig.url + path, { method, ...(method === 'PUT' ? { body: '[]' } : {}) });
    expect([operation, Object.keys(document.paths[path]![method.toLowerCase()]!.responses)]).toEqual([
      operation,
      expect.arrayContaining([String(response.status)]),
    ]);
    expect(response.ok).toBe(true);
  }
});

test('answers are as the OpenAPI document says', async () => {
  await using rig = await openAdminRig();
  await post(rig.sink.jsonUrl, '[{"timestamp":1000000000,"body":"a"}]');
  await post(rig.sink.jsonUrl, '[{"body":1}]');
  await rig.setFaults([{ kind: 'sink.delay', duration: '5s' }]);
  const { paths } = await documentOf(rig.url);
  const schemaOf = (path: string, method: string, status: string): [string, object] => {
    const [[type, { schema }]] = Object.entries(paths[path]![method]!.responses[status]!.content!) as [
      [string, { schema: object }],
    ];
    return [type, schema];
  };
  const check = async (path: string, init: RequestInit, read: (text: string) => unknown[]): Promise<void> => {
    const response = await fetch(rig.url + path, init);
    const [type, schema] = schemaOf(path, (init.method ?? 'GET').toLowerCase(), String(response.status));
    expect(response.headers.get('content-type')).toContain(type);
    const values = read(await response.text());
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(Schema.Errors(schema, value)).toEqual([true, []]);
  };
  const whole = (text: string): unknown[] => [JSON.parse(text)];
  await check('/healthz', {}, whole);
  await check('/deliveries', {}, (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  );
  await check('/faults', {}, whole);
  await check('/faults', { method: 'PUT', body: '[{"kind":"sink.status","code":429}]' }, whole);
  await check('/faults', { method: 'PUT', body: '[{"kind":"sink.status"}]' }, whole);
  await check('/metrics', {}, (text) => [text]);
});

/** Sends headers that fetch forbids. */
function statusWith(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/healthz`, { headers });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    request.on('error', reject);
    request.end();
  });
}

test('hosts that are not this machine, and origins of pages elsewhere, are refused', async () => {
  await using rig = await openAdminRig();
  const { host, port } = new URL(rig.url);
  for (const allowed of [host, `localhost:${port}`, 'localhost', '127.0.0.2', `[::1]:${port}`, 'sink.localhost:80']) {
    expect([allowed, await statusWith(rig.url, { host: allowed })]).toEqual([allowed, 200]);
  }
  for (const refused of ['example.com', `127.0.0.1.example.com:${port}`, `10.0.0.1:${port}`, 'localhost.example.com']) {
    expect([refused, await statusWith(rig.url, { host: refused })]).toEqual([refused, 403]);
  }
  for (const allowed of [rig.url, 'http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:8080']) {
    expect([allowed, await statusWith(rig.url, { origin: allowed })]).toEqual([allowed, 200]);
  }
  for (const refused of ['https://example.com', 'null', 'http://localhost.example.com', 'http://10.0.0.1']) {
    expect([refused, await statusWith(rig.url, { origin: refused })]).toEqual([refused, 403]);
  }
});

test('metrics are in Prometheus text format, and no forgetting makes them less', async () => {
  await using rig = await openAdminRig();
  await rig.setFaults([{ kind: 'sink.status', code: 429, nth: 1 }]);
  await post(rig.sink.jsonUrl, '[{"body":"a"},{"body":"b"}]');
  await post(rig.sink.jsonUrl, '[{"body":"a"},{"body":"b"}]');
  await post(rig.sink.jsonUrl, '[{"body":1}]');
  await fetch(`${rig.url}/deliveries`, { method: 'DELETE' });
  const response = await fetch(`${rig.url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n');
  expect(lines.filter((text) => !text.startsWith('#'))).toEqual([
    'flowrig_sink_requests_total{acknowledgement="refused",status_code="429"} 1',
    'flowrig_sink_requests_total{acknowledgement="acknowledged",status_code="200"} 1',
    'flowrig_sink_requests_total{acknowledgement="refused",status_code="400"} 1',
    'flowrig_sink_received_bytes_total 66',
    'flowrig_sink_records_total 2',
    'flowrig_sink_faults_fired_total{kind="sink.status"} 1',
    'flowrig_sink_open_requests 0',
    'process_resident_memory_bytes 4096',
    '',
  ]);
  const names = new Set(lines.flatMap((text) => /^(\w+)/.exec(text)?.[1] ?? []));
  for (const name of names) expect(lines).toContainEqual(expect.stringMatching(`^# TYPE ${name} (counter|gauge)$`));
});

test('what is not there, and a query that cannot be read, are told with a sentence', async () => {
  await using rig = await openAdminRig();
  const told = async (path: string, method = 'GET'): Promise<unknown[]> => {
    const response = await fetch(rig.url + path, { method });
    return [response.status, ((await response.json()) as { message: string }).message];
  };
  expect(await told('/delivery')).toEqual([404, 'There is no GET /delivery; see /openapi.json.']);
  expect(await told('/metrics', 'POST')).toEqual([404, 'There is no POST /metrics; see /openapi.json.']);
  expect(await told('/deliveries?since=first')).toEqual([400, 'querystring/since must be integer']);
  expect(await told('/deliveries?follow=yes')).toEqual([400, expect.stringContaining('follow must be')]);
});

test('several keys may exist, each accepted whatever its form', async () => {
  await using rig = await openAdminRig({ key: ['a', 'second-key-0123'] });
  const statusOf = async (key: string): Promise<number> =>
    (await post(rig.sink.jsonUrl, '[]', { 'signoz-ingestion-key': key })).status;
  expect([await statusOf('a'), await statusOf('second-key-0123')]).toEqual([200, 200]);
  expect([await statusOf('b'), await statusOf('third-key-01234')]).toEqual([401, 404]);
});
