/**
 * Gathers what arrives while a batch is under way into the next one: the first item waits for
 * nobody, and many are written in few calls, one after the other.
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
