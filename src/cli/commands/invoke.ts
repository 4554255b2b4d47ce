// `flowrig invoke`: one event to the target; its answer, its log, and what reached the sink.

import { join, resolve } from 'node:path';

import { exitCodes, FlowrigError, invariant } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { awaitInterruption } from '../../core/interruption.ts';
import type { InvocationResult } from '../../core/model/trigger.ts';
import { ownVersion } from '../../core/version.ts';
import { runPlan } from '../../run/harness.ts';
import { openSingleEvent } from '../../run/single-event.ts';
import { isPolling } from '../../scenario/container-plan.ts';
import { documentOf, type Document } from '../../scenario/document.ts';
import { findProject, mergeScenario, readScenario, type Overrides } from '../../scenario/load.ts';
import { planScenario, type Plan } from '../../scenario/plan.ts';
import { openArchive, type ArchiveEntry } from '../../sink/archive.ts';
import { placesIn, readEvent } from '../invoke/event-file.ts';
import { invocationText, readLog, shownDelivery } from '../invoke/show.ts';
import { findScenarioFiles } from '../scenarios.ts';

export interface InvokeOptions extends Overrides {
  readonly event?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Records of the object that is generated for the event. */
const recordCount = 100;

export async function invokeTarget(host: Host, word: string | undefined, options: InvokeOptions): Promise<number> {
  const payload = options.event === undefined ? undefined : readEvent(options.event, host.cwd);
  const places = placesIn(payload);
  const plan = planOf(host, word, options, { isOwed: payload === undefined || places.length > 0 });
  using interruption = awaitInterruption(host);
  let ended: InvocationResult | undefined;
  const event = { payload, places, onEnd: (end: InvocationResult) => (ended = end) };
  const result = await runPlan(plan, {
    host,
    version: ownVersion(),
    out: resolve(host.cwd, options.out),
    signal: interruption.signal,
    openTrigger: (needs, signal) => openSingleEvent(needs, event, signal),
  });
  const isInterrupted = interruption.signal.aborted;
  if (isInterrupted && !ended) return exitCodes.interrupted;
  invariant(ended, 'The target was not invoked.');
  const folder = result.folder!;
  const { deliveries } = await openArchive(join(folder, 'archive'));
  const entries = deliveries as readonly ArchiveEntry[];
  if (options.json) {
    const { outcome } = ended;
    const told = entries.map((entry) => shownDelivery(folder, entry));
    const document = { ...result, invocation: outcome, log: readLog(folder), deliveries: told };
    host.write('stdout', `${JSON.stringify(document)}\n`);
  } else {
    host.write('stdout', invocationText(ended, { folder, entries }));
  }
  if (isInterrupted) return exitCodes.interrupted;
  return ended.outcome.status === 'succeeded' ? exitCodes[result.verdict.validity] : exitCodes.fail;
}

/** The scenario with one object: a generated one, or the first of its files. */
function planOf(
  host: Host,
  word: string | undefined,
  options: InvokeOptions,
  { isOwed }: { readonly isOwed: boolean },
): Plan {
  const project = findProject(host.cwd);
  const document = documentFor(host, word);
  const planWith = (set: readonly string[]): Plan => {
    const overrides = { ...options, set: [...set, ...(options.set ?? [])] };
    return planScenario(mergeScenario(document, project, overrides, host.cwd), host.env);
  };
  // Of an object that the event does not name nothing is owed: no record has this version.
  const promises = isOwed ? [] : ['promises.keep=version = 0', 'promises.nodata=drop', 'promises.skipdata=drop'];
  const first = planWith(promises);
  const [file] = first.traffic.files ?? [];
  const one = file === undefined ? `traffic.records=${recordCount}` : `traffic.files=${JSON.stringify([file])}`;
  const plan = planWith([...promises, one]);
  if (isPolling(plan.target)) {
    const message = `invoke: a target of kind ${plan.target.kind} finds its work itself, and takes no event. Name a Lambda target.`;
    throw new FlowrigError('bad-usage', message);
  }
  return plan;
}

function documentFor(host: Host, word: string | undefined): Document {
  if (word === undefined) return documentOf({ version: 1, name: 'invoke' }, 'invoke');
  const files = findScenarioFiles([word], host.cwd, undefined);
  if (files.length > 1) {
    const message = `${word} means ${files.length} scenarios, and an event goes to one target. Name one of them.`;
    throw new FlowrigError('bad-usage', message);
  }
  return readScenario(files[0]!);
}
