import { exitCodes } from '../core/errors.ts';

/** Commands that measure; the early end of one says that nothing was. */
const measuring: readonly string[] = ['run', 'calibrate'];

/** Ctrl-C, `kill`, and a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An interrupt ends the process with 130 and a word, whatever it is loading, until a command takes interrupts itself. */
export function endOnInterrupt(): void {
  for (const signal of signals) process.once(signal, endAtOnce);
}

/** From here on, interrupts are the caller's to listen to. */
function takeInterrupts(): void {
  for (const signal of signals) process.off(signal, endAtOnce);
}

/** The first interrupt ends what runs in order, the second at once. */
export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      controller.abort();
    });
  }
  takeInterrupts();
  return controller.signal;
}

function endAtOnce(): never {
  const isMeasuring = measuring.includes(process.argv[2] ?? '');
  process.stderr.write(isMeasuring ? 'Interrupted before anything was measured.\n' : 'Interrupted.\n');
  process.exit(exitCodes.interrupted);
}
