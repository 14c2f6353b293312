import { appendFile, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fullSize, smallSize, type Architecture } from '../../models/architectures/registry.ts';
import { measureVariant, openBaseline, type Outcome } from './architecture-row.ts';

/**
 * Every pass on real architectures, weights drawn by seed: whether it applies, the ratio of signal to error of the first output against
 * float32, size, and latency on one thread, as a Markdown table. A row is printed as soon as it is there, and one that fails
 * keeps no other from it. With --kept each is also appended to a file as a line of JSON, and what is there already is not measured again: the
 * table can be made in pieces.
 *
 *     node bench/passes/architectures.ts [--architectures bert-base,gpt-2] [--variants fp16,int8-static] [--rounds 9]
 *                                        [--small] [--json] [--kept rows.jsonl]
 */
const everyVariant = [
  ...['int8-static', 'int8-static-per-tensor', 'smooth-quant+int8-static'],
  ...['int8-dynamic', 'int8-dynamic-per-tensor', 'fp16'],
  ...['int8-weights', 'int4-weights', 'int2-weights', 'int4-weights-hqq', 'int4-weights-gptq'],
  ...['prune-magnitude-50', 'prune-2-of-4', 'prune-wanda-50', 'prune-sparsegpt-50'],
  ...['prune-neurons-50-by-weights-plain', 'prune-channels-50-by-weights-plain', 'prune-heads-50-plain'],
  ...['prune-neurons-50', 'prune-channels-50', 'prune-heads-50'],
];
/** Of a few rows each, so that there are some hundred of them. */
const calibrationBatches: Readonly<Record<string, number>> = { perceptron: 64, 'gpt-2': 64 };
const { values: given } = parseArgs({
  options: {
    architectures: { type: 'string' },
    variants: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    small: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    kept: { type: 'string' },
  },
});
const architectures: Readonly<Record<string, Architecture>> = given.small ? smallSize : fullSize;

type Row = Outcome & { architecture: string; variant: string };

const known = await readKept();
if (!given.json) {
  print(
    '| architecture | variant | SQNR dB | MB | float32 ms | variant ms | times as fast | made in s | made in CPU s |',
  );
  print('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
}
for (const name of given.architectures?.split(',') ?? Object.keys(architectures)) await measure(name);

async function measure(name: string): Promise<void> {
  const architecture = architectures[name];
  if (architecture === undefined) throw new Error(`known: ${Object.keys(architectures).join(', ')}`);
  const variants = given.variants?.split(',') ?? everyVariant;
  const settings = { rounds: Number(given.rounds), batches: calibrationBatches[name] ?? 8 };
  // A large one is not built where nothing of it is left to measure.
  const isNew = variants.some((variant) => keptRow(name, variant) === undefined);
  const baseline = isNew ? await openBaseline(architecture) : null;
  for (const variant of variants) {
    const kept = keptRow(name, variant);
    if (kept !== undefined || baseline === null) show(kept);
    else await keep({ architecture: name, variant, ...(await measureVariant(baseline, variant, settings)) });
  }
  baseline?.session.close();
}

function keptRow(architecture: string, variant: string): Row | undefined {
  return known.find((row) => row.architecture === architecture && row.variant === variant);
}

async function readKept(): Promise<Row[]> {
  if (given.kept === undefined) return [];
  const text = await readFile(given.kept, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Row);
}

async function keep(row: Row): Promise<void> {
  show(row);
  if (given.kept !== undefined) await appendFile(given.kept, `${JSON.stringify(row)}\n`);
}

function show(row: Row | undefined): void {
  if (row === undefined) return;
  print(
    given.json ? JSON.stringify(row) : `| ${[row.architecture, row.variant, ...cellsOf(row)].join(' | ')} |`,
  );
}

function cellsOf(row: Row): string[] {
  if (row.status !== 'measured') return [`${row.status}: ${row.reason}`, '', '', '', '', '', ''];
  const { signalToErrorDb, sizeMB, wallMs, timesAsFast, madeInSeconds, madeInCpuSeconds } = row.figures;
  const fixed = (value: number): string => value.toFixed(1);
  const times = [...wallMs.map(fixed), timesAsFast.toFixed(2), fixed(madeInSeconds), fixed(madeInCpuSeconds)];
  return [fixed(signalToErrorDb), sizeMB.map(fixed).join(' to '), ...times];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
