import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { LiveRun } from './live-run.ts';

/** Times of one process: the baseline, the same again, and a variant with 2 % more work; entry i of each is a triple. */
export interface RecordedProcess {
  baseline: number[];
  control: number[];
  variant: number[];
}

/** Processes recorded one after the other. */
export interface Recording {
  /** What was timed: a model of `bench/power`, or a workload of the traces. */
  source: string;
  processes: RecordedProcess[];
}

type Traces = Record<string, { baseline: number[]; same: number[]; more: number[] }[]>;

/** Reads live runs (`.jsonl`) or the packed traces of the tests (`.json.gz`). */
export async function readRecordings(file: string): Promise<Recording[]> {
  const bytes = await readFile(file);
  return file.endsWith('.gz') ? fromTraces(gunzipSync(bytes).toString()) : fromLiveRuns(bytes.toString());
}

function fromTraces(text: string): Recording[] {
  return Object.entries(JSON.parse(text) as Traces).map(([source, processes]) => ({
    source,
    processes: processes.map(({ baseline, same, more }) => ({ baseline, control: same, variant: more })),
  }));
}

function fromLiveRuns(text: string): Recording[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { model, processes } = JSON.parse(line) as LiveRun;
    return {
      source: model,
      processes: processes.map(({ baselineMs, controlMs, variantMs }) => ({
        baseline: baselineMs,
        control: controlMs,
        variant: variantMs,
      })),
    };
  });
}
