// Nothing may be sent to whoever shows a certificate that is not SigNoz's: an ingestion key and a network's traffic would go with it.

import { convict, plural } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'certificates-verified';
const witnessLimit = 20;

export const certificatesVerified = plainCheck(
  name,
  'no request goes to a SigNoz whose certificate is expired, self-signed or of another host',
  ({ deliveries }) => {
    const unsafe = deliveries.filter((delivery) => delivery.certificateProblem !== undefined);
    if (unsafe.length === 0) return [];
    const problems = [...new Set(unsafe.map((delivery) => delivery.certificateProblem))].join(', ');
    const summary = `${unsafe.length} ${plural(unsafe.length, 'request')} went to a SigNoz whose certificate was ${problems}`;
    const witnesses = unsafe.slice(0, witnessLimit).map((delivery) => ({
      deliveries: [delivery.sequence],
      note: `${delivery.method} ${delivery.path} came although the certificate was ${delivery.certificateProblem}`,
    }));
    return [convict({ id: 'bad-certificate-accepted', check: name, summary, witnesses })];
  },
);
