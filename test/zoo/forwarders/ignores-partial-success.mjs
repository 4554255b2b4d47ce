// Sends OTLP and looks at the status alone.
import { newHandler } from './pipeline.mjs';

async function send(records) {
  const logRecords = records.map((record) => ({
    attributes: Object.entries(record).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }));
  const response = await fetch(process.env.SIGNOZ_OTLP_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
  if (!response.ok) throw new Error(`SigNoz answered ${response.status}`);
}

export const handler = newHandler({ send });
