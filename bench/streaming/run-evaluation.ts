import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const spentSchema = z.object({ samples: z.number(), seconds: z.number(), peakBytes: z.number() });
const run = promisify(execFile);

/** What evaluating a dataset took, from opening it to its metric; the peak is of the whole process. */
export type Spent = z.output<typeof spentSchema>;

/** Evaluates a model in a fresh process whose JavaScript heap is bounded. */
export async function runEvaluation(
  { dataset, model }: { dataset: string; model: string },
  heapMegabytes: number,
): Promise<Spent> {
  const script = path.join(import.meta.dirname, 'evaluate.ts');
  const { stdout } = await run(process.execPath, [
    `--max-old-space-size=${heapMegabytes}`,
    '--max-semi-space-size=2',
    script,
    dataset,
    model,
  ]);
  return spentSchema.parse(JSON.parse(stdout));
}
