// The store of a plan: its defaults filled in.

import { defaultLocalstackImage } from '../stores/localstack.ts';

type Mapping = Record<string, unknown>;

interface EmbeddedConfig {
  readonly kind: 'embedded';
  readonly bucket: string;
}

interface LocalstackConfig {
  readonly kind: 'localstack';
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly image: string;
}

interface EndpointConfig {
  readonly kind: 'endpoint';
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  /** With `${env.NAME}` not yet filled in: what is kept with the run holds no secret. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type StoreConfig = EmbeddedConfig | LocalstackConfig | EndpointConfig;

/** Where a store says nothing of it. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export function resolveStore(own: Mapping = { kind: 'embedded' }): Mapping {
  const common = { bucket: 'flow-logs' };
  if (own['kind'] === 'localstack') return { ...common, region: 'us-east-1', image: defaultLocalstackImage, ...own };
  if (own['kind'] === 'endpoint') return { ...common, region: 'us-east-1', ...credentials, ...own };
  return { ...common, ...own };
}
