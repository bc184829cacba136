/**
 * How many DescribeTargetHealth calls run at once. Describe calls have a bucket of 200 refilled
 * by 50 a second (https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html);
 * ten at a time leave room for everybody else in the account.
 */
const sweepWidth = 10;

/** A piece of work per item, at most so many at once; what fails is handed back with its item. */
export const sweep = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  width = sweepWidth,
): Promise<readonly { item: Item; error: unknown }[]> => {
  const failures: { item: Item; error: unknown }[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      try {
        await work(item);
      } catch (error) {
        failures.push({ item, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return failures;
};
