/* eslint-disable no-console -- a command whose output is its result */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nearKernels } from '../../tasks/kernels/place-columns.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import { dataSets } from './data.ts';
import { idsOf, isChosen, setNames } from './ids.ts';

const sizes = { rows: 1_000_000, segments: 10_000, terSegments: 500 };

/**
 * Says how much memory each metric takes beside its data at its peak: a fresh process each, Linux only.
 * usage: node --expose-gc bench/metrics/memory.ts [SET[/ID] ...]
 */
function main(chosen: readonly string[]): void {
  const [flag, name = ''] = chosen;
  if (flag === '--one') console.log(peakOf(name).join(' '));
  else measureAll(chosen);
}

function measureAll(chosen: readonly string[]): void {
  console.log('metric\tMB at most\tbytes a sample');
  for (const name of setNames.flatMap((set) => idsOf(set).map((id) => `${set}/${id}`))) {
    if (!isChosen(name, chosen)) continue;
    const output = execFileSync(process.execPath, ['--expose-gc', import.meta.filename, '--one', name]);
    const [bytes = NaN, samples = NaN] = output.toString().split(' ').map(Number);
    console.log([name, (bytes / 1e6).toFixed(1), (bytes / samples).toFixed(1)].join('\t'));
  }
}

function peakOf(name: string): [bytes: number, samples: number] {
  const [set = '', id = ''] = name.split('/');
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-memory-'));
  try {
    const draw = dataSets(folder, sizes)[set];
    if (draw === undefined) throw new Error(`There is no data set "${set}".`);
    const predictions = nearKernels(draw());
    const metric = metricById(id, predictions.kind);
    globalThis.gc?.();
    // Linux forgets the highest memory so far.
    writeFileSync('/proc/self/clear_refs', '5');
    const before = memoryOf('VmRSS');
    metric.compute(predictions);
    return [memoryOf('VmHWM') - before, predictions.ids.length];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function memoryOf(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]);
}

main(process.argv.slice(2));
