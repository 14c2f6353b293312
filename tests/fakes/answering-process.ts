/** A process of one question that does as it is asked: the wanted ends of `askChild`. */
import { answerOnce } from '../../runners/answer-once.ts';

export interface Asked {
  to:
    | 'abort'
    | 'answer'
    | 'block'
    | 'crash'
    | 'fill the heap'
    | 'grow'
    | 'hang'
    | 'take and give back'
    | 'throw';
}

const kept: unknown[] = [];

answerOnce(async ({ to }: Asked) => {
  if (to === 'throw') throw new Error('no such thing');
  if (to === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (to === 'abort') {
    process.stderr.write(`${'a line before\n'.repeat(1000)}the last words\n`);
    process.kill(process.pid, 'SIGABRT');
  }
  if (to === 'block') {
    process.stderr.write('blocked');
    for (;;);
  }
  if (to === 'fill the heap') for (;;) kept.push(new Array(100_000).fill(kept.length));
  if (to === 'grow') setInterval(() => kept.push(Buffer.alloc(20 * 2 ** 20, 1)), 20);
  if (to === 'hang' || to === 'grow') await new Promise((resolve) => setInterval(resolve, 3_600_000));
  if (to === 'take and give back') takeAndGiveBack(400 * 2 ** 20);
  return { pid: process.pid };
});

function takeAndGiveBack(bytes: number): void {
  const memory = new Uint8Array(bytes).fill(1);
  // Takes it out of the garbage collector's hands.
  structuredClone(memory.buffer, { transfer: [memory.buffer] });
}
