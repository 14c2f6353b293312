import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { packageRoot } from '../../core/package-root.ts';

/**
 * Processor time to make a variant of one layer of BERT-base, weights drawn by seed, on 8 drawn batches of 128 tokens: by this checkout
 * and by others in turn, each time in a process of its own.
 *
 *     node bench/passes/calibrated.ts <variant> [--rounds 3] [--beside <folder of another checkout>]
 */
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, beside: { type: 'string', multiple: true } },
});
const [variant = 'prune-sparsegpt-50'] = positionals;
const checkouts = [...(given.beside ?? []), packageRoot];
const script = `
  import { drawnBatches, fullSize } from './models/architectures/registry.ts';
  import { bert } from './models/architectures/transformers.ts';
  import { applyPasses } from './models/passes/apply.ts';
  import { parseVariant, stepsOn } from './models/variant.ts';
  const model = bert(1, { width: 768, heads: 12, layers: 1 });
  const steps = stepsOn(parseVariant(${JSON.stringify(variant)}), 'onnx');
  const start = process.cpuUsage();
  const made = await applyPasses(model, steps, drawnBatches(fullSize['bert-base'], 8));
  if ('reason' in made) throw new Error(made.reason);
  const { user, system } = process.cpuUsage(start);
  console.log((user + system) / 1e6);`;
const seconds = checkouts.map((): number[] => []);
for (let round = 0; round < Number(given.rounds); round++)
  for (const [at, checkout] of checkouts.entries()) seconds[at]?.push(await secondsIn(checkout));
for (const [at, checkout] of checkouts.entries()) {
  const own = sortAscending(seconds[at] ?? []);
  const each = Array.from(own, (one) => one.toFixed(1)).join(', ');
  process.stdout.write(`${checkout}: ${median(own).toFixed(1)} CPU s (${each})\n`);
}

async function secondsIn(checkout: string): Promise<number> {
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: checkout });
  return Number(stdout);
}
