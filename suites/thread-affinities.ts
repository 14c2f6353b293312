import * as z from 'zod';
import type { Suite } from './schema.ts';

/** ONNX Runtime looks at it only where it starts threads: when a suite is timed with several. */
export const affinitiesOption = 'session.intra_op_thread_affinities';

const expected = 'expected processors from 1 on, such as "1,2;3-4", of each thread but the first';

export const affinitiesSchema = z.string(expected).refine((text) => parseAffinities(text) !== null, expected);

/** Processors of each thread but the first, numbered from 1; null where ONNX Runtime 1.30 cannot read them. */
export function parseAffinities(text: string): number[][] | null {
  const threads = text.split(';').map((thread) => thread.split(',').map(processorsOf));
  return threads.flat().some((range) => range.length === 0) ? null : threads.map((ranges) => ranges.flat());
}

/** `3-4`, or a processor alone; empty where it is neither. */
function processorsOf(range: string): number[] {
  const [, from = '', to = from] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(range) ?? [];
  const [first, last] = [Number(from), Number(to)];
  return first < 1 ? [] : Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Of each target that pins threads, but not as many as the suite is timed with, which ONNX Runtime refuses. */
export function unpinnedThreads({ targets, timing }: Pick<Suite, 'targets' | 'timing'>): string[] {
  const others = timing.threads - 1;
  return targets.flatMap((given) => {
    const text = typeof given === 'string' ? undefined : given.sessionOptions[affinitiesOption];
    const pinned = typeof text === 'string' ? parseAffinities(text) : null;
    if (pinned === null || others === 0 || pinned.length === others) return [];
    return [
      `targets: "${affinitiesOption}" is of each thread but the first, ${others} where "threads" of "timing" is ${timing.threads}; found ${pinned.length}`,
    ];
  });
}
