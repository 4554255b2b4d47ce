// What SigNoz leaves undocumented, or to whoever hosts it, as named switches: the one table from which the schema, the plan's defaults, the
// sink's options, `flowrig list switches` and the table in README are made.

/** One switch: `sink.NAME` in a scenario. */
interface Switch {
  readonly edition: 'cloud' | 'selfhost' | 'both';
  /** What it decides. */
  readonly summary: string;
  readonly values: readonly (string | number)[];
  readonly default: string | number;
  /** Why the default is what it is. */
  readonly reason: string;
  /** Where that is read. */
  readonly source: string;
}

export const switches = {
  trailingSlash: {
    edition: 'both',
    summary: 'a slash behind the path, as in /logs/json/',
    values: ['refuse', 'accept'],
    default: 'refuse',
    reason: 'documented as a cause of 404; older guides posted to it',
    source: 'signoz.io/docs, ingestion/signoz-cloud/troubleshooting, 404',
  },
  missingKey: {
    edition: 'cloud',
    summary: 'the status where no key is sent',
    values: [401, 403, 404],
    default: 401,
    reason: 'invalid and missing keys are named beside 401 first',
    source: 'signoz.io/docs, ingestion/signoz-cloud/troubleshooting, 401, 403 and 404',
  },
  jsonCompression: {
    edition: 'cloud',
    summary: 'a compressed body on /logs/json',
    values: ['accept', 'refuse-400', 'refuse-415'],
    default: 'accept',
    reason:
      "the public collector's receiver takes it; the docs only say that compression does not apply to custom endpoints",
    source: 'signoz.io/docs, ingestion/signoz-cloud/overview, Compression',
  },
  sizeCounted: {
    edition: 'cloud',
    summary: 'what the limit of 16 MB is compared with',
    values: ['wire', 'decoded'],
    default: 'wire',
    reason: 'the documented 413 is what an ingress answers, which sees the bytes on the wire',
    source: 'signoz.io/docs, ingestion/signoz-cloud/overview and troubleshooting, 413',
  },
  auth: {
    edition: 'selfhost',
    summary: 'whether the collector asks for the key, by its bearertokenauth extension on signoz-ingestion-key',
    values: ['none', 'bearer'],
    default: 'none',
    reason: "SigNoz's own chart configures none",
    source: 'SigNoz/charts, charts/signoz/values.yaml, otelCollector',
  },
} as const satisfies Readonly<Record<string, Switch>>;

type SwitchName = keyof typeof switches;

/** A value for each switch. */
export type SwitchSettings = { readonly [Name in SwitchName]: (typeof switches)[Name]['values'][number] };

export const switchNames = Object.keys(switches) as readonly SwitchName[];

export const switchDefaults = Object.fromEntries(
  switchNames.map((name) => [name, switches[name].default]),
) as unknown as SwitchSettings;

/** The settings among other options, defaults for the rest. */
export function switchSettings(options: Partial<SwitchSettings>): SwitchSettings {
  const chosen = switchNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return { ...switchDefaults, ...(Object.fromEntries(chosen) as Partial<SwitchSettings>) };
}
