/** Entry of a process that runs one variant and nothing else. */
import { answerOnce } from '../answer-once.ts';
import { importRunner } from '../registry.ts';
import type { FootprintRequest } from './request.ts';
import { runAlone } from './run-alone.ts';

answerOnce(async (request: FootprintRequest) =>
  runAlone(request, { runner: await importRunner(request.target.runner) }),
);
