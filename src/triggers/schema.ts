import * as z from 'zod/mini';
import { instanceIdPattern } from '../case/case.ts';

/** Pieces that the events of several sources share. */

/**
 * A field that may be missing, null or malformed: fields are missing in real events (of stopped
 * instances, of attack sequences, of old detectors), and a malformed one must not cost what can be
 * read, so it counts as absent.
 */
export const lenient = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.catch(z.optional(z.nullable(schema)), undefined as never);

/** As lenient, but what is there and cannot be read is null, which another source may not replace. */
export const lenientOwn = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.catch(z.optional(z.nullable(schema)), null as never);

/** A list of which single members may be malformed; those are null. */
export const lenientList = <Schema extends z.ZodMiniType>(schema: Schema) =>
  lenient(z.array(z.catch(z.nullable(schema), null as never)));

export const filled = z.string().check(z.minLength(1));

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

/** A number, also where somebody has written it as text. */
export const numberSchema = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\d+(?:\.\d+)?$/))]),
  z.transform((value: number | string) => Number(value)),
);

/** GuardDuty's scale. */
export const severitySchema = z.pipe(numberSchema, z.number().check(z.minimum(0), z.maximum(10)));

/** EC2 began in August 2006: what claims to be older is the zero of a clock. */
const earliest = Date.UTC(2006, 7, 1);

/** The first of several moments that can be one, else now; ISO 8601 in UTC. */
export const plausibleMoment = (
  candidates: readonly (string | null | undefined)[],
  now: Date,
): string =>
  candidates.find((one) => typeof one === 'string' && Date.parse(one) >= earliest) ??
  now.toISOString();

/**
 * When something that was last seen at `at` was first seen, ISO 8601; undefined where that is not said,
 * cannot be, or was no earlier.
 */
export const plausibleBeginning = (
  candidate: string | null | undefined,
  at: string,
): string | undefined =>
  typeof candidate === 'string' &&
  Date.parse(candidate) >= earliest &&
  Date.parse(candidate) < Date.parse(at)
    ? candidate
    : undefined;
