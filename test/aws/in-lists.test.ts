import { expect, it } from 'vitest';
import { readInLists } from '../../src/aws/readers/in-lists.ts';
import { throttled } from '../steps/aws-error.ts';
import { RecordedLog } from '../steps/recorded-log.ts';

it('What is read in lists is asked for so many at a time, each once, and a refused list is left out', async () => {
  const log = new RecordedLog();
  const ids = Array.from({ length: 120 }, (_, index) => `i-${index}`);
  const asked: number[] = [];
  const found = await readInLists(log, 'memberships', [...ids, ...ids], 50, async (some) => {
    asked.push(some.length);
    if (some.includes('i-60')) throw throttled();
    return new Map(some.map((id) => [id, id.length]));
  });
  expect(asked).toEqual([50, 50, 20]);
  expect([...found.keys()]).toEqual([...ids.slice(0, 50), ...ids.slice(100)]);
  expect(log.line('a batch could not be read, so each is read alone')?.fields).toMatchObject({
    what: 'memberships',
    resources: 50,
  });
});
