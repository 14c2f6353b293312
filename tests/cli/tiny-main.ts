/** `assay run` in a tiny form: `node tests/cli/tiny-main.ts [--fresh] [--json] [--break-lock] [--two-workers] <suite…>`. */
import { present } from '../../cli/command.ts';
import { runInForm } from '../../cli/commands/run.ts';
import { tinyForm } from '../fakes/tiny-form.ts';

const args = process.argv.slice(2);
const flags = {
  json: args.includes('--json'),
  verbose: false,
  results: 'assay-results',
  quick: true,
  thorough: false,
  fresh: args.includes('--fresh'),
  breakLock: args.includes('--break-lock'),
  // A second one loads all modules again, an eighth of what so small a run takes.
  workers: args.includes('--two-workers') ? 2 : 1,
};
const suites = args.filter((argument) => !argument.startsWith('--'));
process.exitCode = await present({ name: 'run', flags }, () => runInForm(tinyForm, flags, suites));
