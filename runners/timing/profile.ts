import { Bench } from 'tinybench';

/** Fewest calls, however slow: ten processes of them support the 90th percentile. */
const leastCalls = 8;

/** Every call of so many milliseconds, timed by tinybench one by one. */
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
  bench.add(name, call);
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended as "${result?.state ?? 'nothing'}"`);
  return Float64Array.from(result.latency.samples ?? []);
}
