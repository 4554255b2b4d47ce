// Saboteurs that take Lambda for something else: its limits, its retries, its sandboxes that live on or freeze.

import { request } from 'node:http';

import { doubled, found, lied, lost, deadLettered, type WrongAnimal } from '../animal.ts';
import { newForwarder, placesOf, post, send, steps, type Row, type S3Event } from '../forwarder.ts';

const truthful = ['promises', 'truthful-acknowledgement'];
const refusedOnce = { faults: [{ kind: 'sink.status', code: 503, nth: 1 }], expect: truthful };
const oneObject = { traffic: { preset: 'web-vpc', records: 50 }, trigger: { kind: 's3-event', retries: 0 } };

async function sendOnce(...[rows, addresses]: Parameters<typeof send>): Promise<void> {
  const { ok, status } = await post(rows, addresses);
  if (!ok) throw new Error(`SigNoz answered ${status}`);
}

/** The second half of the body never comes. */
async function giveUpInTheMiddle(...[rows, { jsonUrl, key }]: Parameters<typeof send>): Promise<void> {
  const body = JSON.stringify(rows);
  const headers = { 'content-length': Buffer.byteLength(body), 'signoz-ingestion-key': key };
  const sent = request(jsonUrl, { method: 'POST', headers }).on('error', () => undefined);
  await new Promise((resolve) => sent.write(body.slice(0, body.length >> 1), resolve));
  sent.destroy();
}

export const wrongWithLambda: readonly Omit<WrongAnimal, 'group'>[] = [
  {
    name: 'claims-before-it-delivers',
    bug: 'An object is claimed before it is delivered, so the retry of a failed attempt does nothing.',
    scenario: refusedOnce,
    make: () => {
      const claimed = new Set<string>();
      return newForwarder({
        placesOf: (event) => placesOf(event).filter(({ key }) => !claimed.has(key) && claimed.add(key)),
        send: sendOnce,
      });
    },
    convicted: lied(200),
  },
  {
    name: 'catches-everything',
    bug: 'Every error is caught and logged: all invocations are green.',
    scenario: refusedOnce,
    make: () => {
      const forward = newForwarder({ send: sendOnce });
      return (event, addresses) => forward(event, addresses).catch(() => ({ statusCode: 200 }));
    },
    convicted: lied(200),
  },
  {
    name: 'returns-before-its-request',
    bug: 'The function answers while requests are still to be sent, and they are frozen with it.',
    scenario: { traffic: { preset: 'web-vpc', records: 50 }, expect: ['truthful-acknowledgement'] },
    make: { code: 'returns-before-its-request' },
    convicted: lied(50),
  },
  {
    name: 'sends-the-last-event-again',
    bug: 'Rows of earlier events stay in a variable of the module, and go out with those of the next.',
    make: () => {
      const kept: Row[] = [];
      return newForwarder({
        send: async (rows, addresses) => {
          kept.push(...rows);
          await send(kept, addresses);
        },
      });
    },
    convicted: doubled(300),
  },
  {
    name: 'gives-up-for-good',
    bug: 'A key that is refused once is never tried again in the life of the sandbox.',
    scenario: { faults: [{ kind: 'sink.status', code: 401, nth: 1 }], promises: { delivery: 'exactly-once' } },
    make: () => {
      let isRefused = false;
      return newForwarder({
        send: async (rows, addresses) => {
          if (isRefused) throw new Error('The key was refused.');
          isRefused = !(await post(rows, addresses)).ok;
          if (isRefused) throw new Error('The key is refused.');
        },
      });
    },
    convicted: { ...deadLettered(200), check: 'exactly-once' },
  },
  {
    name: 'calls-an-aborted-request-done',
    bug: 'A request that is given up in its middle is counted as sent.',
    scenario: { traffic: { preset: 'web-vpc', records: 50 }, expect: truthful },
    make: () => newForwarder({ send: giveUpInTheMiddle }),
    convicted: lied(50),
  },
  {
    name: 'forgets-what-it-put-off',
    bug: 'What failed is kept in memory for the next event, and nothing keeps it behind the last.',
    scenario: { ...refusedOnce, traffic: { preset: 'web-vpc', records: 150 }, expect: ['promises'] },
    make: () => {
      let putOff: Row[] = [];
      return async (event, addresses) => {
        const rows = putOff;
        putOff = [];
        await newForwarder({
          send: async (more) => {
            const { ok } = await post([...rows, ...more], addresses);
            if (!ok) putOff = [...more];
          },
        })(event as S3Event, addresses);
      };
    },
    convicted: lost(50),
  },
  {
    name: 'knows-no-time-limit',
    bug: 'The time limit ends the function in the middle of its work.',
    scenario: { ...oneObject, expect: ['no-timeouts'], faults: [{ kind: 'sink.status', code: 503, share: 1 }] },
    make: { code: 'retries-for-ever', limits: { timeout: '1s' } },
    convicted: found('invocation-timed-out', 'no-timeouts', 1, { deadLettered: 50 }),
  },
  {
    name: 'holds-all-in-memory',
    bug: 'Objects are held in memory as often as they are handled, and a large one ends the function without a word.',
    scenario: { ...oneObject },
    make: { code: 'holds-all-in-memory', limits: { memory: '192MB' } },
    convicted: deadLettered(50),
  },
  {
    name: 'acknowledges-and-hands-on',
    bug: 'The event is handed to another function that fails, and nobody waits for it.',
    scenario: { expect: truthful },
    make: () => async (event) => {
      if (placesOf(event as S3Event).length > 0) return { statusCode: 202 };
      throw new Error(steps.batchSize.toString());
    },
    convicted: lied(200),
  },
  {
    name: 'works-for-one-object-a-sandbox',
    bug: 'A flag that says that the sandbox is at work is never taken back.',
    make: () => {
      let isBusy = false;
      const forward = newForwarder();
      return async (event, addresses) => {
        if (isBusy) return;
        isBusy = true;
        await forward(event, addresses);
      };
    },
    convicted: lost(150),
  },
];
