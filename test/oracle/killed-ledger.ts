// A process that books records until it is killed: `node killed-ledger.ts FOLDER DELIVERIES`. Says when all is booked, and waits.

import { openLedger } from '../../src/oracle/ledger/ledger.ts';
import { defaultFields, flat, lineOf, raw, viewOf } from './fixtures.ts';

const [folder = '', deliveries = ''] = process.argv.slice(2);
const ledger = openLedger({ fields: [defaultFields], seed: 42, folder });
for (let sequence = 1; sequence <= Number(deliveries); sequence++) {
  for (let index = 0; index < 100; index++) {
    const line = lineOf(sequence * 100 + index);
    ledger.arrive(sequence, viewOf(index === 7 ? raw(line) : flat(line)), index);
  }
}
console.log('booked');
setInterval(() => {}, 60_000);
