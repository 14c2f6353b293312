import { onTestFinished } from 'vitest';
import { startHost, type Host } from '../../runners/pool/supervise.ts';

/** A real runner host of one thread that ends with the test. */
export function freshHost(): Host {
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  onTestFinished(host.close);
  return host;
}
