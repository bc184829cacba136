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
  .check(z.regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, 'this is no Region, such as eu-central-1'));

/** Attack sequences write `2025-02-25 20:40:06.000000000`, which is UTC without saying so. */
const inUtc = (text: string): string =>
  /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text)
    ? `${text.replace(' ', 'T')}Z`
    : text;

/** A moment, as ISO 8601 in UTC. */
export const momentSchema = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (text) => !Number.isNaN(Date.parse(inUtc(text))),
        'this is no time; accepted is ISO 8601',
      ),
    ),
  z.transform((text: string) => new Date(inUtc(text)).toISOString()),
);
