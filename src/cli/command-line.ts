// The command line as a function of a host, and its table of contents: every command and what it takes.

import { Command, CommanderError } from 'commander';

import { exitCodes, FlowrigError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { ownVersion } from '../core/version.ts';
import { tell } from './tell.ts';

/** Runs one command line; the exit code is the result. Nothing in here ends the process. */
export async function runCommandLine(host: Host): Promise<number> {
  let exitCode: number = exitCodes.pass;
  const settle = (code: number): void => void (exitCode = code);
  const program = commands(host, settle);
  try {
    await program.parseAsync([...host.argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
    return tell(host, error);
  }
}

type Settle = (code: number) => void;

const reporterSentence = 'reports, by comma: console, json, junit, markdown, html';

function commands(host: Host, settle: Settle): Command {
  const program = new Command('flowrig')
    .description(
      'Tests whatever forwards AWS VPC Flow Logs from S3 to SigNoz, and names each record that did not arrive.',
    )
    .version(ownVersion())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.write('stdout', text),
      writeErr: (text) => host.write('stderr', text),
    });
  addScenarioCommands(program, host, settle);
  addBareCommands(program, host, settle);
  addSetup(program, host, settle);
  addGenerate(program, host, settle);
  addInspect(program, host, settle);
  addServe(program, host, settle);
  addRunFolderCommands(program, host, settle);
  addListings(program, host, settle);
  return program;
}

function addScenarioCommands(program: Command, host: Host, settle: Settle): void {
  const overrides = (command: Command): Command =>
    command
      .argument('[scenario...]')
      .option('--target <file>', 'YAML file with a target, code of a Lambda, or builtin:forwarder')
      .option('--set <path=value>', 'lay a value over the scenario', collect, [])
      .option('--seed <n>', 'seed in place of the scenario’s', seedOption);
  overrides(program.command('run'))
    .description('run scenarios: files, folders, globs, or names of shipped ones')
    .option('--out <dir>', 'where run folders go', 'runs')
    .option('--reporter <list>', reporterSentence, 'console,html')
    .option('--json', 'one result a scenario on stdout')
    .option('--quiet', 'say nothing while running')
    .action(async (scenarios: string[], options) => {
      const { runScenarios } = await import('./commands/run.ts');
      settle(await runScenarios(host, scenarios, options));
    });
  overrides(program.command('validate'))
    .description('check scenario files without running them')
    .action(async (scenarios: string[], options) => {
      const { validateScenarios } = await import('./commands/validate.ts');
      settle(validateScenarios(host, scenarios, options));
    });
}

function addBareCommands(program: Command, host: Host, settle: Settle): void {
  program
    .command('try')
    .description('run a bare forwarder, without any YAML, up a ladder of situations, and say what it does wrong')
    .argument('<path>', 'code of a Lambda: a folder, a .zip, or one file; or builtin:forwarder')
    .option('--bucket <name>', 'the bucket that its code names; by default the first that it asks for')
    .option('--target <key=value>', 'lay a value over the target, like timeout=30s or env.NAME=value', collect, [])
    .option('--out <dir>', 'where run folders go', 'runs')
    .option('--json', 'one result a rung on stdout')
    .action(async (path: string, options) => {
      const { tryForwarder } = await import('./commands/try.ts');
      settle(await tryForwarder(host, path, options));
    });
  program
    .command('invoke')
    .description('send one event to the target, and show its answer, its log and what reached the sink')
    .argument('[scenario]', 'whose target, faults and traffic hold; else flowrig.yaml’s target')
    .option('--event <file>', 'JSON of the event, - for stdin; by default what S3 says of an object')
    .option('--target <file>', 'YAML file with a target, code of a Lambda, or builtin:forwarder')
    .option('--set <path=value>', 'lay a value over the scenario', collect, [])
    .option('--seed <n>', 'seed in place of the scenario’s', seedOption)
    .option('--out <dir>', 'where run folders go', 'runs')
    .option('--json', 'one result on stdout')
    .action(async (scenario: string | undefined, options) => {
      const { invokeTarget } = await import('./commands/invoke.ts');
      settle(await invokeTarget(host, scenario, options));
    });
}

function addSetup(program: Command, host: Host, settle: Settle): void {
  program
    .command('setup')
    .description('install what a Python forwarder requires; the only command that uses the network')
    .argument(
      '[path]',
      'requirements file, code, or YAML file with a target; else flowrig.yaml, else ./requirements.txt',
    )
    .option('--runtime <name>', 'Lambda runtime to install for, like python3.12')
    .action(async (path: string | undefined, options) => {
      const { setUp } = await import('./commands/setup.ts');
      settle(await setUp(host, path, options));
    });
}

function addGenerate(program: Command, host: Host, settle: Settle): void {
  program
    .command('generate')
    .description('write flow-log files to a folder, to standard output, or into a bucket')
    .option('--preset <name>', 'traffic preset')
    .option('--scenario <file>', 'take traffic, objects and their faults from a scenario')
    .option('--records <n>', 'data lines, like 200k')
    .option('--bytes <n>', 'as many data lines as make about so much text, like 2GiB')
    .option('--seed <n>', 'seed', seedOption)
    .option('--format <f>', 'fields of a line: default, or another that traffic.format takes')
    .option('--file <kind>', 'text or parquet')
    .option('--plain', 'leave the files uncompressed')
    .option('--force', 'write into a folder that is not empty')
    .option('--endpoint <url>', 'the S3 of an s3:// place; AWS’s own by default')
    .requiredOption('--out <place>', 'folder, s3://BUCKET/PREFIX, or - for standard output')
    .action(async (options) => {
      const { generate } = await import('./commands/generate.ts');
      settle(await generate(host, options));
    });
}

function addInspect(program: Command, host: Host, settle: Settle): void {
  program
    .command('inspect')
    .description('say what flow-log files hold, and every rule of AWS’s format that they break')
    .argument('<file...>', 'files, folders or globs: text or gzip, whoever wrote them')
    .option('--json', 'one JSON document a file on stdout')
    .action(async (files: string[], options) => {
      const { inspect } = await import('./commands/inspect.ts');
      settle(await inspect(host, files, options));
    });
}

function addServe(program: Command, host: Host, settle: Settle): void {
  program
    .command('serve')
    .description('open the fake SigNoz, the S3, or both, until interrupted')
    .argument('[what]', 'sink, s3 or all', 'sink')
    .option('--edition <edition>', 'SigNoz cloud or selfhost', 'cloud')
    .option(
      '--key <key>',
      'an ingestion key that exists; may be repeated; without it any well-formed one does',
      collect,
      [],
    )
    .option('--host <address>', 'where all but the proxy and TLS listen: 0.0.0.0 in a container', '127.0.0.1')
    .option('--port <n>', 'port of the sink; any free one by default, as for all ports', portOption, 0)
    .option('--otlp-port <n>', 'port of OTLP/HTTP where the edition has one of its own', portOption, 0)
    .option('--grpc-port <n>', 'port of OTLP/gRPC', portOption, 0)
    .option('--s3-port <n>', 'port of the S3', portOption, 0)
    .option('--admin-port <n>', 'port of the admin API', portOption, 0)
    .option('--tls', 'the ports of the sink speak TLS, and a proxy stands for SigNoz’s real names')
    .option('--data <dir>', 'where the archive and the objects go and stay; by default a temporary folder')
    .option('--verify-signatures', 'the S3 refuses what was not signed with AWS’s example key')
    .option('--ready-json', 'one line on stdout when ready: what listens where')
    .action(async (what: string, options) => {
      const { serve } = await import('./commands/serve.ts');
      settle(await serve(host, what, options));
    });
}

function addRunFolderCommands(program: Command, host: Host, settle: Settle): void {
  program
    .command('judge')
    .description('judge a run again from its scenario, seed and archive')
    .argument('<run>', 'folder of the run')
    .option('--reporter <list>', reporterSentence, 'console')
    .option('--json', 'the result on stdout')
    .action(async (folder: string, options) => {
      const { judgeRun } = await import('./commands/judge.ts');
      settle(await judgeRun(host, folder, options));
    });
  program
    .command('report')
    .description('report a run again')
    .argument('<run>', 'folder of the run')
    .option('--reporter <list>', reporterSentence, 'console,html')
    .option('--json', 'the result on stdout')
    .action(async (folder: string, options) => {
      const { reportRun } = await import('./commands/report.ts');
      settle(await reportRun(host, folder, options));
    });
}

function addListings(program: Command, host: Host, settle: Settle): void {
  program
    .command('list')
    .description('list the parts that scenarios can name')
    .argument('[what]', 'stores, triggers, targets, faults, checks, presets, scenarios or reports')
    .action(async (what: string | undefined) => {
      const { list } = await import('./commands/list.ts');
      settle(list(host, what));
    });
  program
    .command('schema')
    .description('print the JSON schema of scenarios')
    .option('--write', 'write it to scenarios/schema.json below the working folder')
    .action(async (options) => {
      const { schema } = await import('./commands/schema.ts');
      settle(schema(host, options));
    });
  program
    .command('doctor')
    .description('tell what this machine can do, and how much the rig itself takes here')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts');
      settle(await doctor(host, options));
    });
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new FlowrigError('bad-usage', `${text} is no port: a whole number up to 65535, or 0 for any free one.`);
  }
  return port;
}

function seedOption(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new FlowrigError(
      'bad-usage',
      `--seed ${text}: a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  return seed;
}
