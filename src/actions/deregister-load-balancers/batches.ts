/**
 * Writes items in batches, one batch at a time. The first item is written at once; items that arrive
 * during a call go into the next batch, so that few calls write many items.
 *
 * @returns a function that settles when the batch with the item has been written.
 */
export const inBatches = <Item>(
  write: (items: readonly Item[]) => Promise<void>,
): ((item: Item) => Promise<void>) => {
  let waiting: Item[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  return (item) => {
    waiting.push(item);
    if (next === undefined) {
      next = last.then(() => {
        const batch = waiting;
        waiting = [];
        next = undefined;
        return write(batch);
      });
      last = next;
    }
    return next;
  };
};
