import { formatTarget } from '../results/target-schema.ts';
import { processorDevices, type Target } from '../suites/target.ts';
import { affinitiesOption, parseAffinities } from '../suites/thread-affinities.ts';
import type { Foresight } from './check-targets.ts';
import { tooManyThreads } from './tfjs/too-many-threads.ts';
import type { Processor } from './usable-cores.ts';

type Foreseen = Pick<Foresight, 'means' | 'code' | 'reason' | 'remedy'>;

/** What stands against timing a target with so many threads on a processor. */
export function foreseeThreads(target: Target, threads: number, processor: Processor): Foreseen[] {
  return [tooMany(target, threads, processor), misplaced(target, threads, processor)].filter(
    (found) => found !== null,
  );
}

function tooMany(target: Target, threads: number, { cores }: Processor): Foreseen | null {
  const excess = target.runner === 'tfjs' ? tooManyThreads(target.device, threads) : null;
  if (excess !== null) return { means: 'fails', code: 'error', ...excess };
  if (threads <= cores || !processorDevices.includes(target.device)) return null;
  const most = cores === 1 ? 'one core' : `${cores} cores`;
  return {
    means: 'in-doubt',
    code: 'too-few-cores',
    reason: `latency is timed with ${threads} threads, which share the ${most} that this process may use`,
    remedy: `set "threads" of "timing" in the suite to ${cores}, or allow more cores (taskset, the container's CPU limit); ${formatTarget(target)} is timed all the same`,
  };
}

/** ONNX Runtime leaves a thread wherever it is that it cannot pin. */
function misplaced({ settings }: Target, threads: number, { allowed }: Processor): Foreseen | null {
  const given = settings.sessionOptions[affinitiesOption];
  if (typeof given !== 'string' || threads === 1 || allowed === null) return null;
  const known = new Set(allowed.map((number) => number + 1));
  const unknown = (parseAffinities(given) ?? []).flat().filter((number) => !known.has(number));
  if (unknown.length === 0) return null;
  return {
    means: 'in-doubt',
    code: 'processor-unusable',
    reason: `"${affinitiesOption}" names processors that this process may not use: ${[...new Set(unknown)].join(', ')}`,
    remedy: `name some of ${shown([...known])}, which are numbered from 1, or run where it may use them`,
  };
}

/** `1-4, 9`. */
function shown(numbers: readonly number[]): string {
  const starts = numbers.filter((number) => !numbers.includes(number - 1));
  const ends = numbers.filter((number) => !numbers.includes(number + 1));
  return starts
    .map((start, index) => (start === ends[index] ? `${start}` : `${start}-${ends[index] ?? start}`))
    .join(', ');
}
