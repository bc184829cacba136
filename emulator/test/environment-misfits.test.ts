import { describe, expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../deploy/template.ts';
import { environmentMisfits } from '../invoke/environment-misfits.ts';

const template = readTemplate();
const misfits = (file: Record<string, Record<string, unknown>>) =>
  environmentMisfits(template, functionsOf(template), file);

describe('names in --env-vars that fit nothing', () => {
  // fault S6
  it.each([
    [{ Parameters: { MINIMUM_SEVERTY: '8' } }, /Parameters\.MINIMUM_SEVERTY .*MINIMUM_SEVERITY\?/],
    [{ Parameters: { MinimumSeverity: '8' } }, /Parameters\.MinimumSeverity .*MINIMUM_SEVERITY\?/],
    [{ ContanFunction: { MODE: 'observe' } }, /ContanFunction fits no function.*ContainFunction\?/],
    [{ ContainFunction: { NOTHING_LIKE_IT: 'x' } }, /ContainFunction\.NOTHING_LIKE_IT .*dropped$/],
    [{ ContainFunction: 'MODE=observe' as never }, /ContainFunction is no object/],
  ])('are told by name: %j', (file, words) => {
    expect(misfits(file)).toEqual([expect.stringMatching(words)]);
  });

  it('are none in a file that fits', () => {
    expect(
      misfits({
        Parameters: { MINIMUM_SEVERITY: '8' },
        ContainFunction: { CONNECTION_CUT: 'none' },
      }),
    ).toEqual([]);
  });
});
