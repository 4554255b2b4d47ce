// `flowrig schema`: the JSON schema that editors complete scenarios with, the same that validation uses.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { exitCodes } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { schemaDocument } from '../../scenario/schema.ts';

export function schema(host: Host, options: { readonly write?: boolean }): number {
  if (!options.write) {
    host.write('stdout', schemaDocument());
    return exitCodes.pass;
  }
  const folder = join(host.cwd, 'scenarios');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'schema.json'), schemaDocument());
  host.write('stdout', `${join(folder, 'schema.json')}\n`);
  return exitCodes.pass;
}
