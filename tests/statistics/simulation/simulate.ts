import { readFile, writeFile } from 'node:fs/promises';
import { falseDecisions, type Simulation } from './false-decisions.ts';
import { type Cell, grid } from './grid.ts';
import { alphas, type Rates, ratesSchema } from './rates.ts';

/** So many that a standard error of a rate of 2.5 % is a third of a point. */
const manyRuns = 2000;
/** Where a rate is above the promise: so many that its standard error is a fifth of a point. */
const furtherRuns = 10_000;
const file = new URL('rates.json', import.meta.url);

/**
 * Simulates every point of the grid that `rates.json` lacks, and adds it there. `node tests/statistics/simulation/simulate.ts` takes
 * about an hour; delete the file to begin anew. A point whose rate is above the promise is simulated again, with more runs.
 */
async function simulate(): Promise<void> {
  const known = await readRates();
  for (const cell of grid) {
    const missing = pointsOf(cell).filter((point) => !known.some((row) => isSame(row, point)));
    if (missing.length === 0) continue;
    const everyone = cell.population.draw();
    const { runs = manyRuns } = cell;
    for (const { metric, samples, margin } of missing) {
      const counts = countDecisions({ everyone, metric, samples, margin, alphas, runs });
      known.push({ population: cell.population.name, metric, margin, samples, ...counts });
      await writeFile(file, `[\n${known.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
      const rate = (of: number[]): string => ((100 * (of[1] ?? NaN)) / counts.runs).toFixed(2);
      process.stdout.write(
        `${cell.population.name} ${metric} ${samples}: ${rate(counts.passes)} % pass, ${rate(counts.regressions)} % regressed\n`,
      );
    }
  }
}

function countDecisions(simulation: Simulation): Counts {
  const first = { runs: simulation.runs, ...falseDecisions(simulation) };
  if (isKept(first)) return first;
  return { runs: furtherRuns, ...falseDecisions({ ...simulation, runs: furtherRuns }) };
}

/** Whether no rate is more than half a point above what is promised. */
function isKept({ runs, passes, regressions }: Counts): boolean {
  return [passes, regressions].every((counts) =>
    counts.every((count, index) => count / runs <= (alphas[index] ?? NaN) / 2 + 0.005),
  );
}

type Counts = Pick<Rates, 'runs' | 'passes' | 'regressions'>;
type Point = Pick<Rates, 'population' | 'metric' | 'margin' | 'samples'>;

function pointsOf({ population: { name }, metrics, sizes, margin = 'absolute' }: Cell): Point[] {
  return metrics.flatMap((metric) => sizes.map((samples) => ({ population: name, metric, margin, samples })));
}

function isSame(first: Point, second: Point): boolean {
  return (['population', 'metric', 'margin', 'samples'] as const).every((key) => first[key] === second[key]);
}

async function readRates(): Promise<Rates[]> {
  try {
    return ratesSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

await simulate();
