import { Bench } from 'tinybench';

/** Every call of so many milliseconds, timed by tinybench one by one. */
export async function profileCalls(
  call: () => unknown,
  { name, ms }: { name: string; ms: number },
): Promise<Float64Array> {
  const bench = new Bench({ time: ms, warmup: false, retainSamples: true, throws: true });
  bench.add(name, call);
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended as "${result?.state ?? 'nothing'}"`);
  return Float64Array.from(result.latency.samples ?? []);
}
