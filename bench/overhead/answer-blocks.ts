import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A model as the command line of a loop names it: `path,input,rows,width`. */
export interface LoopModel {
  path: string;
  shape: [rows: number, width: number];
  data: Float32Array;
}

/** Times calls for so many milliseconds; each call in milliseconds. */
type TimeCalls = (ms: number) => Promise<ArrayLike<number>>;

/** Loads the models of the command line, then answers each line `model milliseconds` with the times of its calls as JSON. */
export async function answerBlocks(load: (model: LoopModel) => Promise<TimeCalls>): Promise<void> {
  const models: TimeCalls[] = [];
  for (const argument of process.argv.slice(2)) models.push(await load(await readModel(argument)));
  process.stdout.write('[]\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const [model = NaN, ms = NaN] = line.split(' ').map(Number);
    const calls = (await models[model]?.(ms)) ?? [];
    process.stdout.write(`${JSON.stringify(Array.from(calls))}\n`);
  }
}

async function readModel(argument: string): Promise<LoopModel> {
  const [path = '', input = '', rows, width] = argument.split(',');
  const { buffer } = Uint8Array.from(await readFile(input));
  return { path, shape: [Number(rows), Number(width)], data: new Float32Array(buffer) };
}
