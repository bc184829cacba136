import { describe, expect, it } from 'vitest';
import { sharedByList, sharedReading } from '../../src/aws/readers/shared-reading.ts';

/** A reading whose calls a test answers one by one. */
const scripted = (answers: readonly (string | Error)[]) => {
  const asked: string[] = [];
  const read = async (key: string): Promise<string> => {
    const answer = answers[asked.length] ?? 'one call too many';
    asked.push(key);
    await new Promise((resolve) => setImmediate(resolve));
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, read };
};

describe('a reading that is shared', () => {
  it('is made once for all who ask for the same, at once or later', async () => {
    const { asked, read } = scripted(['first', 'second']);
    const shared = sharedReading(read);
    expect(await Promise.all([shared('a'), shared('a')])).toEqual(['first', 'first']);
    expect(await shared('a')).toBe('first');
    expect(await shared('b')).toBe('second');
    expect(asked).toEqual(['a', 'b']);
  });

  it('and failed is made again by those who waited, together, and not by each of them', async () => {
    const { asked, read } = scripted([new Error('busy'), 'second']);
    const shared = sharedReading(read);
    const results = await Promise.allSettled([shared('a'), shared('a'), shared('a')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(asked).toHaveLength(2);
  });

  it('and failed is nobody else’s failure: who comes later reads anew', async () => {
    const { read } = scripted([new Error('busy'), 'second']);
    const shared = sharedReading(read);
    await expect(shared('a')).rejects.toThrow('busy');
    expect(await shared('a')).toBe('second');
  });

  it('of a list is the same in any order', async () => {
    const asked: (readonly string[])[] = [];
    const shared = sharedByList(async (values) => asked.push(values));
    await shared(['vpc-b', 'vpc-a']);
    await shared(['vpc-a', 'vpc-b']);
    await shared([]);
    expect(asked).toEqual([['vpc-a', 'vpc-b'], []]);
  });
});
