// What the sink counted, in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).

import { Type } from 'typebox';

import type { AdminRoute, AdminState } from '../route.ts';

type Sample = readonly [labels: Readonly<Record<string, string | number>>, value: number];

export function metricRoutes(state: AdminState): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      summary: 'Counts since the sink was opened, in Prometheus text format.',
      answers: {
        200: { description: 'The metrics.', content: { type: 'text/plain; version=0.0.4', schema: Type.String() } },
      },
      serve(_request, reply) {
        return reply.type('text/plain; version=0.0.4; charset=utf-8').send(exposition(state));
      },
    },
  ];
}

function exposition({ sink, log, residentBytes }: AdminState): string {
  const { totals } = log;
  const requests = totals
    .requests()
    .map(({ acknowledgement, statusCode, count }): Sample => [{ acknowledgement, status_code: statusCode }, count]);
  const faults = Object.entries(sink.faultsFired()).map(([kind, count]): Sample => [{ kind }, count]);
  return [
    metric('flowrig_sink_requests_total', 'counter', 'Requests that have ended.', requests),
    metric('flowrig_sink_received_bytes_total', 'counter', 'Bytes of their bodies as received.', [
      [{}, totals.receivedBytes],
    ]),
    metric('flowrig_sink_records_total', 'counter', 'Log records that were kept.', [[{}, totals.records]]),
    metric('flowrig_sink_faults_fired_total', 'counter', 'How often faults struck.', faults),
    metric('flowrig_sink_open_requests', 'gauge', 'Requests that are being read or answered.', [
      [{}, sink.openRequests()],
    ]),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory of flowrig.', [[{}, residentBytes()]]),
  ].join('');
}

/** Label values need no escaping: they are words and numbers of ours. */
function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, content]) => `${label}="${content}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
