type Settled<Result> = { result: Result } | { thrown: unknown };

/**
 * Results of `work` on each item, in their order, with at most `ahead` under way. The first that throws, in that order, ends it;
 * no further item is taken then.
 */
export async function mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const underWay: Promise<Settled<Result>>[] = [];
  const settleOldest = async (): Promise<void> => {
    const settled = await underWay.shift();
    if (settled === undefined) return;
    if ('thrown' in settled) throw settled.thrown;
    results.push(settled.result);
  };
  for await (const item of items) {
    underWay.push(settle(work(item)));
    if (underWay.length >= ahead) await settleOldest();
  }
  while (underWay.length > 0) await settleOldest();
  return results;
}

/** A rejection that is looked at later must not count as unhandled meanwhile. */
function settle<Result>(promise: Promise<Result>): Promise<Settled<Result>> {
  return promise.then(
    (result) => ({ result }),
    (thrown: unknown) => ({ thrown }),
  );
}
