/* eslint-disable no-console -- a command whose output is its result */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { metricById } from '../../tasks/metrics/registry.ts';
import { dataSets } from './data.ts';

const rows = 1_000_000;
const segments = 10_000;

const asked = [
  'regression/mse',
  'regression/r2',
  'regression/msle',
  'regression/median-ae',
  'binary/f1-macro',
  'binary/log-loss',
  'binary/ece',
  'binary/roc-auc',
  'binary/average-precision',
  'classes/roc-auc',
  'multilabel/f1-samples',
  'multilabel/roc-auc-macro',
  'ranking/ndcg',
  'likelihood/perplexity',
  'tagging/entity-f1-micro',
  'texts/bleu',
  'texts/chrf',
  'texts/rouge-l',
  'texts/wer',
];

/**
 * Says how much memory each metric takes beside its data at its peak: a fresh process each, Linux only.
 * usage: node bench/metrics/memory.ts [SET/ID]
 */
function main(name: string | undefined): void {
  if (name === undefined) measureAll();
  else console.log(peakBytes(name));
}

function measureAll(): void {
  console.log('metric\tMB at most\tbytes a row');
  for (const name of asked) {
    const bytes = Number(execFileSync(process.execPath, ['--expose-gc', import.meta.filename, name]));
    const count = name.startsWith('texts') ? segments : rows;
    console.log([name, (bytes / 1e6).toFixed(1), (bytes / count).toFixed(1)].join('\t'));
  }
}

function peakBytes(name: string): number {
  const [set = '', id = ''] = name.split('/');
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-memory-'));
  try {
    const draw = dataSets(folder, { rows, segments, terSegments: 0 })[set];
    if (draw === undefined) throw new Error(`There is no data set "${set}".`);
    const predictions = draw();
    const metric = metricById(id, predictions.kind);
    globalThis.gc?.();
    // Linux forgets the highest memory so far.
    writeFileSync('/proc/self/clear_refs', '5');
    const before = memoryOf('VmRSS');
    metric.compute(predictions);
    return memoryOf('VmHWM') - before;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function memoryOf(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]);
}

main(process.argv[2]);
