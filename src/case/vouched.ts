import type { Vouched } from './details.ts';
import type { StepEntry } from './step.ts';

type TagsByResource = NonNullable<Vouched['vouched']>;

/** Tags of several lists, by resource; of two values of one key the later counts. */
export const unite = (...lists: readonly TagsByResource[]): TagsByResource => {
  const all: Record<string, Readonly<Record<string, string>>> = {};
  for (const [resource, tags] of lists.flatMap((list) => Object.entries(list))) {
    all[resource] = { ...all[resource], ...tags };
  }
  return all;
};

/** What the steps of a run have written to tags, by resource; what a later step wrote counts. */
export const vouchedBy = (steps: readonly StepEntry[]): TagsByResource =>
  unite(...steps.map(({ detail }) => (detail as Vouched).vouched ?? {}));

/** Part of a step's detail; nothing where it has written nothing. */
export const vouching = (values: TagsByResource): Vouched =>
  Object.values(values).every((tags) => Object.keys(tags).length === 0) ? {} : { vouched: values };

/** The entry as people and programs are shown it: what it vouches for stands in the tags. */
export const withoutVouched = (entry: StepEntry): StepEntry => {
  const { vouched, ...detail } = entry.detail as Vouched;
  return vouched === undefined ? entry : { ...entry, detail };
};
