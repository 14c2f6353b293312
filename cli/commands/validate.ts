import { exitCodes } from '../../core/errors.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { checkModels, type UnloadedModel } from '../../runners/check-models.ts';
import { checkTargets, type Foresight } from '../../runners/check-targets.ts';
import { forms } from '../../runners/form.ts';
import { limitsOf, noLimits, usualLimits, type Limits } from '../../runners/limits.ts';
import { planSuites, type PlannedSuite } from '../../runners/plan.ts';
import { startHost, type Host } from '../../runners/pool/supervise.ts';
import { probeSuites } from '../../runners/probe-targets.ts';
import { formatCount } from '../../site/views/format.ts';
import { loadSuites } from '../../suites/load.ts';
import type { Suite } from '../../suites/schema.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { formatForesights } from '../reporters/foresights.ts';
import { formatNothingToCompare } from '../reporters/nothing-compared.ts';
import { nothingToMeasure } from '../reporters/nothing-to-measure.ts';

/** `assay validate [suite…]`: everything `run` checks before it measures. */
export async function validateCommand(_flags: unknown, names: readonly string[]): Promise<CommandResult> {
  const planned = await planSuites(await loadSuites(names));
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  const { unloaded, foresights } = await check(planned, host).finally(host.close);
  const suites = planned.map(summarise);
  const notHere = unloaded.map(notLoaded);
  const unreadable = notHere.map(({ message, hint }) => `??  ${message}\n    next: ${hint ?? ''}\n`);
  const unmeasured = nothingToMeasure(suites, foresights);
  const errors = [...notHere, ...foresights.filter(isFailure).map(willFail), ...unmeasured.values()];
  return {
    exitCode: errors.length === 0 ? exitCodes.pass : exitCodes.incomplete,
    data: { suites, unloaded, foresights },
    text: [
      ...suites.map((suite) => `${unmeasured.has(suite.id) ? '??' : 'ok'}  ${describe(suite)}\n`),
      ...unreadable,
      formatForesights(foresights, '??  '),
      formatNothingToCompare(planned, foresights),
      ...[...unmeasured.values()].map(({ message, hint }) => `\n${message} Next: ${hint ?? ''}\n`),
    ]
      .join('')
      .trimEnd(),
    errors,
  };
}

async function check(
  planned: readonly PlannedSuite[],
  host: Host,
): Promise<{ unloaded: UnloadedModel[]; foresights: Foresight[] }> {
  const usual = usualLimits(forms.default);
  const limits = (suite: Suite): Limits => limitsOf(suite, usual, noLimits);
  const unloaded = await checkModels(planned, host, limits);
  const probes = await probeSuites(planned, host, {
    limits,
    report: (step) => process.stderr.write(`${step}\n`),
  });
  return { unloaded, foresights: await checkTargets(planned, { probes, host, limits }) };
}

interface Summary {
  id: string;
  file: string;
  dataset: string;
  testSamples: number;
  /** Of those samples; more where samples are queries. */
  testRows: number;
  /** Rows left out because something in them is missing. */
  droppedRows: number;
  models: string[];
  cells: number;
}

function summarise({ loaded, dataset, models, groups }: PlannedSuite): Summary {
  return {
    id: loaded.suite.id,
    file: loaded.file,
    dataset: dataset.manifest.id,
    testSamples: dataset.testSamples,
    testRows: dataset.test.count,
    droppedRows: dataset.droppedRows,
    models: models.map(({ id }) => id),
    cells: groups.reduce((sum, { cells }) => sum + cells.length, 0),
  };
}

function describe({ id, dataset, models, cells, ...counts }: Summary): string {
  return `${id}: ${models.join(', ')} on ${dataset} (${describeRows(counts)}), ${formatCount(cells, 'cell')}`;
}

function describeRows({
  testSamples,
  testRows,
  droppedRows,
}: Pick<Summary, 'testSamples' | 'testRows' | 'droppedRows'>): string {
  const samples = formatCount(testSamples, 'test sample');
  const rows = testRows === testSamples ? '' : ` of ${formatCount(testRows, 'row')}`;
  const dropped = droppedRows === 0 ? '' : `, ${formatCount(droppedRows, 'row')} dropped for missing values`;
  return `${samples}${rows}${dropped}`;
}

const notLoadedHints: Readonly<Record<UnloadedModel['code'], string>> = {
  crashed: 'assay doctor',
  error: 'export it with what the runtime takes, or take it out of the suite; other models are measured',
  'out-of-memory': 'give it more by "memoryMiB" of "limits" in the suite',
  timeout: 'give it more by "timeoutSeconds" of "limits" in the suite',
};

function notLoaded({ path, code, reason }: UnloadedModel): CommandError {
  const message = `${path} could not be loaded here: ${reason}`;
  return { code: 'not-loaded', message, hint: notLoadedHints[code] };
}

function isFailure({ means }: Foresight): boolean {
  return means === 'fails';
}

function willFail({ modelId, target, reason, remedy }: Foresight): CommandError {
  const message = `${modelId} does not run on ${formatTarget(target)}: ${reason}`;
  return { code: 'not-loaded', message, hint: remedy };
}
