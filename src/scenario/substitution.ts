// `${...}` in a target's environment: what the run knows, and `${env.NAME}` for the user's own variables.

import { FlowrigError } from '../core/errors.ts';
import { unknownWord } from './validate.ts';

/** The names that `${...}` may hold; `env.NAME` stands for the user's own environment. */
const substitutions = [
  'store.endpoint',
  'store.bucket',
  'store.region',
  'sqs.queueUrl',
  'sink.url',
  'sink.jsonUrl',
  'sink.otlpUrl',
  'sink.grpcUrl',
  'sink.key',
  'run.folder',
] as const;

export type Substitutions = Readonly<Record<(typeof substitutions)[number], string>>;

type Environment = Readonly<Record<string, string | undefined>>;

const placeholder = /\$\{([^}]*)\}/g;

/** What cannot be filled in, a sentence each: names nobody knows, and variables that are not set. */
export function substitutionMistakes(text: string, env: Environment): string[] {
  return [...text.matchAll(placeholder)].flatMap(([, name]) => mistakeIn(name!, env) ?? []);
}

function mistakeIn(name: string, env: Environment): string | undefined {
  if (name.startsWith('env.')) {
    const variable = name.slice('env.'.length);
    return env[variable] === undefined ? `\${${name}}: the environment variable ${variable} is not set.` : undefined;
  }
  const known: readonly string[] = substitutions;
  return known.includes(name) ? undefined : unknownWord('name for ${...}', name, [...known, 'env.NAME']);
}

/** Of what is needed before the run knows anything, so that only `${env.NAME}` can be filled in. */
export function environmentMistakes(text: string, env: Environment): string[] {
  return [...text.matchAll(placeholder)].flatMap(([, name]) =>
    name!.startsWith('env.')
      ? (mistakeIn(name!, env) ?? [])
      : `\${${name}} is not known yet; here stands \${env.NAME} alone.`,
  );
}

/** Fills `${env.NAME}` in; see environmentMistakes. */
export function substituteEnvironment(text: string, env: Environment): string {
  const [mistake] = environmentMistakes(text, env);
  if (mistake !== undefined) throw new FlowrigError('bad-scenario', mistake);
  return text.replaceAll(placeholder, (_, name: string) => env[name.slice('env.'.length)]!);
}

/** Fills `${...}` in. A name that cannot be filled in is the user's mistake, told before the run where it is planned from files. */
export function substitute(text: string, values: Substitutions, env: Environment): string {
  return text.replaceAll(placeholder, (_, name: string) => {
    const mistake = mistakeIn(name, env);
    if (mistake !== undefined) throw new FlowrigError('bad-scenario', mistake);
    return name.startsWith('env.') ? env[name.slice('env.'.length)]! : values[name as keyof Substitutions];
  });
}
