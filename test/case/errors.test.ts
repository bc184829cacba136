import { expect, it } from 'vitest';
import * as errors from '../../src/case/errors.ts';

const classes = Object.entries(errors).filter(([name]) => name !== 'CordonError');

it.each(classes)('%s is named as Step Functions matches it, whatever a bundler renames', (name) => {
  const Failure = classes.find(([one]) => one === name)?.[1] as new (
    message: string,
    options?: ErrorOptions,
  ) => errors.CordonError;
  const cause = new Error('AWS said no');
  const error = new Failure('One sentence.', { cause });
  expect(error).toBeInstanceOf(errors.CordonError);
  expect([error.name, error.message, error.cause]).toEqual([name, 'One sentence.', cause]);
  expect(Object.hasOwn(error, 'name')).toBe(true);
});
