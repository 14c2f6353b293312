/** Entry of a process that proves one device. */
import { answerOnce } from '../answer-once.ts';
import { probeHere } from './probe.ts';

answerOnce(async ({ device }: { device: string }) => ({ probe: await probeHere(device) }));
