import * as z from 'zod/mini';
import { instanceIdPattern } from '../case/case.ts';

/** Pieces that the events of several sources share. */

export const instanceIdSchema = z
  .string('an instance id is accepted: i- and 8 or 17 hexadecimal digits')
  .check(
    z.regex(
      instanceIdPattern,
      'this is no instance id; accepted is i- and 8 or 17 hexadecimal digits, in lower case',
    ),
  );

export const accountIdSchema = z
  .string('an account id is accepted: 12 digits')
  .check(z.regex(/^\d{12}$/, 'this is no account id; accepted are 12 digits'));

export const regionSchema = z
  .string('a Region is accepted, such as eu-central-1')
  .check(z.regex(/^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/, 'this is no Region, such as eu-central-1'));

/** A moment, as ISO 8601 in UTC. */
export const momentSchema = z.pipe(
  z
    .string()
    .check(
      z.refine((text) => !Number.isNaN(Date.parse(text)), 'this is no time; accepted is ISO 8601'),
    ),
  z.transform((text: string) => new Date(text).toISOString()),
);
