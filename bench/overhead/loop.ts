import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { StoredModel } from './models.ts';

/** A loop in a process of its own. */
export interface LoopCommand {
  name: string;
  /** Program and first arguments; the models follow. */
  command: readonly [string, ...string[]];
}

/** A running loop; it sleeps between blocks. */
export interface Loop {
  name: string;
  /** Milliseconds of each call of one block. */
  timeBlock(model: number, ms: number): Promise<number[]>;
  stop(): Promise<void>;
}

/** Starts a loop and waits until its models are loaded. Throws with what it wrote when it ends instead. */
export async function startLoop(
  { name, command: [program, ...first] }: LoopCommand,
  models: readonly StoredModel[],
): Promise<Loop> {
  const named = models.map(({ modelPath, inputPath, rows, width }) =>
    [modelPath, inputPath, rows, width].join(','),
  );
  const child = spawn(program, [...first, ...named], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readBlock = async (): Promise<number[]> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the loop "${name}" ended before it answered`);
    return JSON.parse(value) as number[];
  };
  await readBlock();
  return {
    name,
    timeBlock: (model, ms) => {
      child.stdin.write(`${model} ${ms}\n`);
      return readBlock();
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
