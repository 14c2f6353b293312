import { cp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CommandResult } from '../../../cli/command.ts';
import { compareCommand } from '../../../cli/commands/compare.ts';
import { gateCommand } from '../../../cli/commands/gate.ts';
import { scoreCommand } from '../../../cli/commands/score.ts';
import { formatScenarios } from '../../../cli/reporters/scenario-table.ts';
import { failuresOf, formatFailures } from '../../../cli/reporters/failures.ts';
import { formatVerdicts } from '../../../cli/reporters/verdict-table.ts';
import { AssayError, exitCodes, messageOf } from '../../../core/errors.ts';
import { packageRoot } from '../../../core/package-root.ts';
import type { Random } from '../../../core/random.ts';
import { readRuns } from '../../../results/read-runs.ts';
import { makeReport } from '../../../site/views/report.ts';
import type { Project } from '../../cli/project.ts';
import { writeSampleRun } from '../../fakes/stored-runs.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import type { Subject } from '../subject.ts';
import { damagedJson } from './damaged-json.ts';

const frozen = ['v1', 'v2'].map((version) => path.join(packageRoot, 'tests/records', version, 'runs'));

/** A file of a stored run: of each version of the schema, a run, a record or predictions. */
export const records: Subject = {
  write: async (project, random) => {
    const results = path.join(project.folder, 'assay-results');
    const source = frozen[random.below(frozen.length + 1)];
    if (source === undefined) await writeSampleRun(results, {}, ['handwritten-digits']);
    else await cp(source, path.join(results, 'runs'), { recursive: true });
    await damageOne(project, random);
  },
  use: (folder) => readEverything(path.join(folder, 'assay-results')),
  args: ['gate'],
};

async function damageOne({ folder, write }: Project, random: Random): Promise<void> {
  const files = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(?:json|parquet)$/.test(name))
    .sort();
  const name = files[random.below(files.length)] ?? '';
  const bytes = await readFile(path.join(folder, name));
  if (random.below(40) === 0) await rm(path.join(folder, name));
  else
    await write(
      name,
      name.endsWith('.json')
        ? damagedJson(JSON.parse(String(bytes)) as object, random)
        : mutateBytes(bytes, random),
    );
}

/** What each command that reads records makes of them; the worst error is thrown once all were asked. */
async function readEverything(results: string): Promise<CommandResult> {
  const flags = { results, json: false, verbose: false, targets: true, confusion: true };
  const asked = [gateCommand(flags, []), scoreCommand(flags, []), compareCommand(flags, []), report(results)];
  const answers = await Promise.allSettled(asked);
  const texts = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.text : ''));
  const faults = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : []));
  const worst = faults.sort((a, b) => severity(b) - severity(a))[0];
  if (worst !== undefined && severity(worst) > 0) throw worst;
  const text = [...texts, ...faults.map(messageOf)].join('\n');
  return { exitCode: faults.length === 0 ? exitCodes.pass : exitCodes.incomplete, data: null, text };
}

/** A fault of Assay, a wrong record, nothing to score or compare. */
function severity(fault: Error): number {
  if (!(fault instanceof AssayError)) return 2;
  return fault.exitCode === exitCodes.incomplete ? 0 : 1;
}

/** All that the pages of the site and the tables of a run are made of. */
async function report(results: string): Promise<CommandResult> {
  const { runs } = await readRuns(results);
  const made = makeReport(runs);
  const tables = runs.flatMap((run) => [
    formatVerdicts(run),
    formatScenarios(run),
    formatFailures(failuresOf(run)),
  ]);
  return { exitCode: exitCodes.pass, data: made, text: tables.join('\n') };
}
