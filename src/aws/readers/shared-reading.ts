import { underNoCase } from '../current-case.ts';

/**
 * One answer for all who ask for the same. A reading that fails is forgotten: whoever waited for it
 * reads once more, together with the others that waited, and whoever comes later reads anew. So no
 * failure of one reading is told of every case, and none is repeated by all of them at once.
 */
export const sharedReading = <Value>(
  read: (key: string) => Promise<Value>,
): ((key: string) => Promise<Value>) => {
  const answers = new Map<string, Promise<Value>>();
  const begin = (key: string): Promise<Value> => {
    const reading = underNoCase(() => read(key));
    answers.set(key, reading);
    reading.catch(() => {
      if (answers.get(key) === reading) answers.delete(key);
    });
    return reading;
  };
  return (key) => {
    const begun = answers.get(key);
    return begun === undefined ? begin(key) : begun.catch(() => answers.get(key) ?? begin(key));
  };
};

/** The same of a reading that depends on a list; the order of the list does not matter. */
export const sharedByList = <Value>(
  read: (values: readonly string[]) => Promise<Value>,
): ((values: readonly string[]) => Promise<Value>) => {
  const shared = sharedReading((key) => read(key === '' ? [] : key.split(' ')));
  return (values) => shared(values.toSorted().join(' '));
};

/** The same of a reading that depends on nothing. */
export const sharedOnce = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
  const shared = sharedReading(read);
  return () => shared('');
};
