import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  ExitCode as StricliExit,
  help,
  run,
  version,
  type CommandContext,
  type PartialApplicationConfiguration,
  type StricliProcess,
} from '@stricli/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodes, type ExitCode } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import type { CommonFlags, CommandResult } from './command.ts';
import { present, refusal } from './command.ts';
import type { CalibrateFlags } from './commands/calibrate.ts';
import type { ExplainFlags } from './commands/explain.ts';
import type { OptimizeFlags } from './commands/optimize.ts';
import type { ReportFlags } from './commands/report.ts';
import type { ResultsFlags } from './commands/results-folder.ts';
import type { RunFlags } from './commands/run.ts';
import type { ScoreFlags } from './commands/score.ts';

const json = {
  kind: 'boolean',
  brief: 'Print one JSON envelope {ok, command, data, errors}',
  default: false,
} as const;
const verbose = { kind: 'boolean', brief: 'Show stack traces of errors', default: false } as const;
const common = { json, verbose };

const results = {
  kind: 'parsed',
  parse: String,
  brief: 'Folder of the records',
  default: 'assay-results',
  placeholder: 'folder',
} as const;

const suites = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'Built-in id or path of a suite; none means all built-in ones',
    placeholder: 'suite',
  },
} as const;

const oneRun = {
  kind: 'array',
  parameter: { parse: String, brief: 'Run id; none means the newest', placeholder: 'run' },
  maximum: 1,
} as const;

const oneModel = {
  kind: 'array',
  parameter: { parse: String, brief: 'Built-in id or path of a model', placeholder: 'model' },
  minimum: 1,
  maximum: 1,
} as const;

const modelAndVariants = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'A model, then the variants to make of it',
    placeholder: 'model-variant',
  },
  minimum: 1,
} as const;

/** Stricli writes its own code to `process`; a command's code goes to `outcome`, which wins. */
interface CliContext extends CommandContext {
  outcome: { exitCode: ExitCode | null };
}

type Handler<Flags, Args extends readonly string[]> = (
  this: CliContext,
  flags: Flags,
  ...args: Args
) => Promise<void>;

/** A stricli command whose code is loaded when it is called. */
function command<Flags extends CommonFlags, Args extends readonly string[]>(
  name: string,
  load: () => Promise<(flags: Flags, args: Args) => Promise<CommandResult>>,
): () => Promise<Handler<Flags, Args>> {
  return async () => {
    const body = await load();
    return async function (flags, ...args) {
      this.outcome.exitCode = await present({ name, flags }, () => body(flags, args));
    };
  };
}

const runCommand = buildCommand<RunFlags, string[], CliContext>({
  loader: command('run', async () => (await import('./commands/run.ts')).runCommand),
  parameters: {
    positional: suites,
    flags: {
      ...common,
      results,
      quick: {
        kind: 'boolean',
        brief: 'Fewer and shorter timed processes: finds slowdowns of 5 % and more',
        default: false,
      },
      thorough: {
        kind: 'boolean',
        brief: 'More and longer timed processes: finds smaller changes on noisy machines',
        default: false,
      },
      fresh: {
        kind: 'boolean',
        brief: 'Measure everything again, whatever earlier runs hold',
        default: false,
      },
      workers: {
        kind: 'parsed',
        parse: parseWorkers,
        brief: 'Threads that evaluate quality',
        optional: true,
        placeholder: 'n',
      },
    },
  },
  docs: {
    brief: 'Measure suites: quality and latency of every variant on every target',
    fullDescription: 'Exit codes: 0 everything measured, 2 bad input, 4 something failed, 130 interrupted.',
  },
});

const listCommand = buildCommand<ResultsFlags, [], CliContext>({
  loader: command('list', async () => (await import('./commands/list.ts')).listCommand),
  parameters: { flags: { ...common, results } },
  docs: { brief: 'List suites, datasets, models, targets and stored runs' },
});

const validateCommand = buildCommand<CommonFlags, string[], CliContext>({
  loader: command('validate', async () => (await import('./commands/validate.ts')).validateCommand),
  parameters: { positional: suites, flags: common },
  docs: { brief: 'Check suites, their datasets and models without measuring' },
});

const doctorCommand = buildCommand<CommonFlags, [], CliContext>({
  loader: command('doctor', async () => (await import('./commands/doctor.ts')).doctorCommand),
  parameters: { flags: common },
  docs: { brief: 'Tell which targets run here, and why the rest does not' },
});

const calibrateCommand = buildCommand<CalibrateFlags, [], CliContext>({
  loader: command('calibrate', async () => (await import('./commands/calibrate.ts')).calibrateCommand),
  parameters: {
    flags: {
      ...common,
      thorough: { kind: 'boolean', brief: 'Twice the processes: about two minutes', default: false },
    },
  },
  docs: {
    brief: 'Measure how small a slowdown this machine can tell, in about a minute',
    fullDescription:
      'Times identical synthetic models against each other, and stores for this machine how much processes differ, ' +
      'which slowdowns show, and how often nothing is taken for something. assay doctor shows it.',
  },
});

const schemaCommand = buildCommand<CommonFlags, [], CliContext>({
  loader: command('schema', async () => (await import('./commands/schema.ts')).schemaCommand),
  parameters: { flags: common },
  docs: { brief: 'Print the JSON Schema of a suite' },
});

const explainCommand = buildCommand<ExplainFlags, string[], CliContext>({
  loader: command('explain', async () => (await import('./commands/explain.ts')).explainCommand),
  parameters: {
    positional: oneModel,
    flags: {
      ...common,
      device: {
        kind: 'enum',
        values: ['cpu', 'wasm', 'webgpu', 'cuda'],
        brief: 'Where the model is to run',
        default: 'cpu',
      },
      batchSize: {
        kind: 'parsed',
        parse: parseBatchSize,
        brief: 'Samples a call',
        default: '1',
        placeholder: 'n',
      },
    },
  },
  docs: { brief: 'Tell which optimisations of a model are likely to help, before any is made' },
});

const optimizeCommand = buildCommand<OptimizeFlags, string[], CliContext>({
  loader: command('optimize', async () => (await import('./commands/optimize.ts')).optimizeCommand),
  parameters: {
    positional: modelAndVariants,
    flags: {
      ...common,
      out: {
        kind: 'parsed',
        parse: String,
        brief: 'Folder of the files',
        default: '.',
        placeholder: 'folder',
      },
    },
  },
  docs: {
    brief: 'Make pruned and quantized variants of a model as ONNX files',
    fullDescription: 'Exit codes: 0 all made, 2 bad input, 4 a variant has nothing to do in this model.',
  },
});

const gateCommand = buildCommand<ResultsFlags, string[], CliContext>({
  loader: command('gate', async () => (await import('./commands/gate.ts')).gateCommand),
  parameters: {
    positional: oneRun,
    flags: { ...common, results },
  },
  docs: {
    brief: 'Hold a stored run against the policies of its suites',
    fullDescription:
      'Exit codes: 0 pass, 1 a variant regressed, 3 inconclusive, 4 not everything was measured.',
  },
});

const scoreCommand = buildCommand<ScoreFlags, string[], CliContext>({
  loader: command('score', async () => (await import('./commands/score.ts')).scoreCommand),
  parameters: {
    positional: oneRun,
    flags: {
      ...common,
      results,
      metrics: {
        kind: 'parsed',
        parse: String,
        brief: "Metric ids; none means the suite's own",
        variadic: ',',
        optional: true,
        placeholder: 'ids',
      },
    },
  },
  docs: { brief: 'Compute metrics from the stored predictions of a run' },
});

const site = {
  ...common,
  results,
  out: {
    kind: 'parsed',
    parse: String,
    brief: 'Folder of the site',
    default: 'assay-report',
    placeholder: 'folder',
  },
  base: {
    kind: 'parsed',
    parse: String,
    brief: 'Path the site is served under',
    default: '/',
    placeholder: 'path',
  },
} as const;

const reportCommand = buildRouteMap({
  routes: {
    build: buildCommand<ReportFlags, [], CliContext>({
      loader: command('report build', async () => (await import('./commands/report.ts')).reportBuildCommand),
      parameters: { flags: site },
      docs: { brief: 'Build the static site from the records' },
    }),
    serve: buildCommand<ReportFlags & { port: number }, [], CliContext>({
      loader: command(
        'report serve',
        async () => (await import('./commands/report-serve.ts')).reportServeCommand,
      ),
      parameters: {
        flags: {
          ...site,
          port: {
            kind: 'parsed',
            parse: parsePort,
            brief: 'Port on this machine',
            default: '4321',
            placeholder: 'n',
          },
        },
      },
      docs: { brief: 'Serve the built site on this machine' },
    }),
  },
  docs: { brief: 'Build or serve the report site' },
});

const routes = buildRouteMap({
  routes: {
    run: runCommand,
    list: listCommand,
    validate: validateCommand,
    doctor: doctorCommand,
    calibrate: calibrateCommand,
    explain: explainCommand,
    optimize: optimizeCommand,
    gate: gateCommand,
    score: scoreCommand,
    report: reportCommand,
    schema: schemaCommand,
  },
  docs: {
    brief: 'What does an optimisation of an ML model cost, and what does it buy?',
    fullDescription:
      'Measures pruned and quantized variants of models against their baseline.\n\n' +
      'Start with: assay run --quick, then assay report build.\n' +
      'Exit codes: 0 pass, 1 gate failed, 2 bad input, 3 inconclusive, 4 not everything measured, 5 fault of Assay, 130 interrupted.',
  },
});

const formatting = {
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: true,
  caseStyle: 'convert-camel-to-kebab',
} as const;

/** Parses the arguments, runs the command and returns the exit code; never ends the process itself. */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  const { version: currentVersion } = JSON.parse(
    readFileSync(path.join(packageRoot, 'package.json'), 'utf8'),
  ) as {
    version: string;
  };
  const settings: PartialApplicationConfiguration = {
    name: 'assay',
    scanner: { caseStyle: 'allow-kebab-for-camel' },
  };
  const integrations = {
    help: help<CliContext>({ brief: 'Print this help', formatting }),
    version: version<CliContext>({ brief: 'Print the version', info: { currentVersion } }),
  };
  const app = buildApplication(routes, settings, integrations);
  const { stdout, env } = process;
  const { stderr, told } = overheard(process.stderr);
  const context: CliContext & { process: StricliProcess & { exitCode: number | null } } = {
    process: { stdout, stderr, env, exitCode: null },
    outcome: { exitCode: null },
  };
  await run(app, args.length === 0 ? ['--help'] : args, context);
  if (context.outcome.exitCode !== null) return context.outcome.exitCode;
  const code = toExitCode(context.process.exitCode);
  if (code !== exitCodes.pass && args.includes('--json')) stdout.write(refusal(args[0] ?? '', told.join('')));
  return code;
}

/** A stream that passes on what it is told and remembers it: the parser answers bad usage there and nowhere else. */
function overheard(stream: NodeJS.WriteStream): { stderr: StricliProcess['stderr']; told: string[] } {
  const told: string[] = [];
  const write = (text: string): void => {
    told.push(text);
    stream.write(text);
  };
  // Only a terminal knows how many colours it has.
  const colours = stream.isTTY ? { getColorDepth: stream.getColorDepth.bind(stream) } : {};
  return { stderr: { write, ...colours }, told };
}

/** Stricli's own codes are negative; all but a failed load mean that what the user typed was wrong. */
function toExitCode(code: number | null): ExitCode {
  if (code === StricliExit.Success) return exitCodes.pass;
  return code === StricliExit.UnknownCommand || code === StricliExit.InvalidArgument
    ? exitCodes.invalid
    : exitCodes.internal;
}

function parseWorkers(text: string): number {
  return parseWhole(text, { least: 1, most: 1024 });
}

function parseBatchSize(text: string): number {
  return parseWhole(text, { least: 1, most: 65_536 });
}

function parsePort(text: string): number {
  return parseWhole(text, { least: 0, most: 65_535 });
}

function parseWhole(text: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`"${text}" is not a whole number from ${least} to ${most}`);
}
