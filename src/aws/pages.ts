import { AwsUnavailableError } from '../case/errors.ts';

/**
 * Items per page of an EC2 list. Always named: without it the SDK's paginators ask for the whole
 * list in one call, which EC2 throttles, lets time out or refuses in accounts with many resources
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination).
 * Never beside a list of ids: EC2 refuses the two together.
 */
export const itemsPerPage = 1000;

/** A filter takes at most 200 values (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html). */
export const valuesPerFilter = 200;

/** The values in lists of at most so many. */
export const listsOf = (values: readonly string[], longest: number): readonly string[][] =>
  Array.from({ length: Math.ceil(values.length / longest) }, (_, index) =>
    values.slice(index * longest, (index + 1) * longest),
  );

/** The values of a filter, in as many lists as EC2 takes one of in a call. */
export const filterLists = (values: readonly string[]): readonly string[][] =>
  listsOf(values, valuesPerFilter);

/**
 * The list of an answer. An answer that has none at all is cut short: EC2 sends an empty list where
 * there is nothing.
 *
 * @throws AwsUnavailableError when the answer has no list.
 */
export const wholeList = <Item>(list: Item[] | undefined, of: string): readonly Item[] => {
  if (list !== undefined) return list;
  throw new AwsUnavailableError(`EC2 answered without the list of ${of}: ask again.`);
};
