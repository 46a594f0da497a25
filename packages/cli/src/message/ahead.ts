/** Messages that are worked on at the same time; most of the time they wait for KMS. */
const AHEAD = 16;

/** What `work` makes of every item, in the order of the items, while it works on the next ones already. */
export async function* ahead<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const begun: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Whoever comes to it in its turn is told; nobody is told by Node before.
    result.catch(() => {});
    begun.push(result);
    if (begun.length >= AHEAD) yield await (begun.shift() as Promise<R>);
  }
  for (const result of begun) yield await result;
}
