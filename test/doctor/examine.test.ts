import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/aws/clock.ts';
import { silentLog } from '../../src/aws/log.ts';
import { InstanceNotFoundError, UncheckedError } from '../../src/case/errors.ts';
import type { Check } from '../../src/doctor/check.ts';
import { ok } from '../../src/doctor/check.ts';
import type { Examination } from '../../src/doctor/examination.ts';
import { examine } from '../../src/doctor/examine.ts';

const clock: Clock = { now: () => new Date(), sleep: async () => {} };

const examination = { clock, log: silentLog } as Examination;

const check = (name: string, look: Check['look']): Check => ({ name, permissions: [], look });

const failing = (error: Error): Check =>
  check('failing', async () => {
    throw error;
  });

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe('A check that cannot be made', () => {
  it.each([
    [
      'is denied',
      named('AccessDeniedException', 'User is not authorized'),
      'not checked: AccessDeniedException: User is not authorized',
      /attach the policies of cordon doctor/,
    ],
    [
      'is throttled to the end',
      named('ThrottlingException', 'Rate exceeded'),
      'not checked: ThrottlingException: Rate exceeded',
      /run it again/,
    ],
    [
      'hangs on what is not there',
      new UncheckedError('there is no stack to look at'),
      'not checked: there is no stack to look at',
      /mend that first/,
    ],
    [
      'meets words that a terminal obeys',
      named('ValidationException', 'bad\u001b[2J\nname'),
      'not checked: ValidationException: bad [2J name',
      /run it again/,
    ],
  ])('is a warning that says so, and never well: it %s', async (_, error, says, remedy) => {
    expect(await examine(examination, [failing(error)])).toEqual([
      { check: 'failing', state: 'warn', says, remedy: expect.stringMatching(remedy) },
    ]);
  });

  it('keeps no other check from being made, and the lines in their order', async () => {
    const lines = await examine(examination, [
      check('first', async () => ok('well')),
      failing(new Error('broken')),
      check('last', async () => ok('well')),
    ]);
    expect(lines.map((one) => [one.check, one.state])).toEqual([
      ['first', 'ok'],
      ['failing', 'warn'],
      ['last', 'ok'],
    ]);
  });

  it('ends the examination where somebody has mistyped the instance', async () => {
    const error = new InstanceNotFoundError('i-0123456789abcdef0 does not exist.');
    await expect(examine(examination, [failing(error)])).rejects.toBe(error);
  });
});
