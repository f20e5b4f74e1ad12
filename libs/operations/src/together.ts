/** Asks once for all who ask while the answer is on its way: many probes, and the many metrics of a scrape, cost one query. */
export function together<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
