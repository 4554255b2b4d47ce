// The sink answers 200 and keeps nothing. No client can know: what it shows is that the rig counts what was stored, not what was
// answered.

import { always, faultSchema, selectionSchemas, sinkFault } from './kind.ts';

export const blackholeFault = sinkFault({
  kind: 'sink.blackhole',
  summary: 'answers 200 and keeps nothing',
  config: faultSchema('sink.blackhole', 'The sink acknowledges and keeps nothing.', selectionSchemas),
  open: () => always({ answer: { statusCode: 200 }, keeps: false }),
});
