/** A process of one question that does as it is asked: the wanted ends of `askChild`. */
import { answerOnce } from '../../runners/answer-once.ts';

export interface Asked {
  to: 'answer' | 'throw' | 'crash' | 'hang';
}

answerOnce(async ({ to }: Asked) => {
  if (to === 'throw') throw new Error('no such thing');
  if (to === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (to === 'hang') await new Promise((resolve) => setInterval(resolve, 3_600_000));
  return { pid: process.pid };
});
