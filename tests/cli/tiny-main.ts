/**
 * `assay run` in a form so small that its figures say nothing, for tests of what else a run does:
 * `node tests/cli/tiny-main.ts [--fresh] <suite…>`.
 */
import { present } from '../../cli/command.ts';
import { runInForm } from '../../cli/commands/run.ts';
import { forms, type Form } from '../../runners/form.ts';

const tiny: Form = {
  ...forms.quick,
  looks: [2],
  epochs: 1,
  epochMs: 5,
  warmUpMs: 5,
  profileMs: 5,
  scenarios: { warmUpMs: 5, durationMs: 20, rounds: 6, attemptMs: 20, mostAttempts: 2 },
};

const args = process.argv.slice(2);
const flags = {
  json: false,
  verbose: false,
  results: 'assay-results',
  quick: true,
  thorough: false,
  fresh: args.includes('--fresh'),
};
const suites = args.filter((argument) => !argument.startsWith('--'));
process.exitCode = await present({ name: 'run', flags }, () => runInForm(tiny, flags, suites));
