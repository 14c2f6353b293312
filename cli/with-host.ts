import { AssayError } from '../core/errors.ts';
import { startHost, type Host, type HostOptions } from '../runners/pool/supervise.ts';
import { abortOnInterrupt } from './abort-on-interrupt.ts';

/** What a command that runs models has at hand. */
export interface HostedEffects {
  host: Host;
  signal: AbortSignal;
  /** Tells the next step, and throws `interrupted` after Ctrl-C: nothing is begun any more. */
  report: (step: string) => void;
}

/** Runs the work of a command with a runner host, which ends with it. Ctrl-C ends both, and throws `interrupted`. */
export async function withHost<Result>(
  options: HostOptions,
  work: (effects: HostedEffects) => Promise<Result>,
  start: (options: HostOptions) => Host = startHost,
): Promise<Result> {
  const signal = abortOnInterrupt();
  const host = start(options);
  const report = (step: string): void => {
    if (signal.aborted) throw interrupted();
    process.stderr.write(`${step}\n`);
  };
  try {
    return await Promise.race([work({ host, signal, report }), interruption(signal)]);
  } finally {
    host.close();
  }
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(interrupted());
    });
  });
}

function interrupted(): AssayError {
  return new AssayError('interrupted', 'Interrupted.');
}
