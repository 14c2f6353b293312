type Settled<Result> = { result: Result } | { thrown: unknown };

/**
 * Results of `work` on each item, in their order, with at most `ahead` under way: the next is taken as soon as any is done. After one that
 * throws no further item is taken, and the first that throws, in that order, is thrown.
 */
export async function mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Promise<Settled<Result>>[] = [];
  const underWay = new Set<Promise<void>>();
  const failed = new Set<Settled<Result>>();
  for await (const item of items) {
    const settling = settle(work(item));
    results.push(settling);
    const ended = settling.then((settled) => {
      underWay.delete(ended);
      if ('thrown' in settled) failed.add(settled);
    });
    underWay.add(ended);
    if (underWay.size >= ahead) await Promise.race(underWay);
    if (failed.size > 0) break;
  }
  return (await Promise.all(results)).map(resultOf);
}

/** A rejection that is looked at later must not count as unhandled meanwhile. */
function settle<Result>(promise: Promise<Result>): Promise<Settled<Result>> {
  return promise.then(
    (result) => ({ result }),
    (thrown: unknown) => ({ thrown }),
  );
}

function resultOf<Result>(settled: Settled<Result>): Result {
  if ('thrown' in settled) throw settled.thrown;
  return settled.result;
}
