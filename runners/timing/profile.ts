import { Bench } from 'tinybench';

/** Fewest calls, however slow: ten processes of them support the 90th percentile. */
const leastCalls = 8;

/**
 * Every call of so many milliseconds, timed by tinybench one by one. Whether it is asynchronous is found by a call that is
 * awaited: tinybench would find out by one that still runs while the first sample is taken.
 */
export async function profileCalls(
  call: () => unknown,
  { name, ms }: { name: string; ms: number },
): Promise<Float64Array> {
  const bench = new Bench({
    time: ms,
    iterations: leastCalls,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  const answer = call();
  const isAsync = isThenable(answer);
  await answer;
  bench.add(name, call, { async: isAsync });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended as "${result?.state ?? 'nothing'}"`);
  return Float64Array.from(result.latency.samples ?? []);
}

function isThenable(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}
