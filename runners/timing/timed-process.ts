/** Entry of a timed child process. */
import { answerOnce } from '../answer-once.ts';
import { importRunner } from '../registry.ts';
import type { TimedRequest } from './request.ts';
import { timeContenders } from './time-contenders.ts';

answerOnce(async (request: TimedRequest) =>
  timeContenders(request, { runner: await importRunner(request.target.runner) }),
);
