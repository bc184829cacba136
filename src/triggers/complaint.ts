import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// The small build of zod has no words of its own.
z.config(en());

const describePath = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the event' : path.map(String).join('.');

/** The issues of a failed parse as one readable list: `detail.id: Invalid input; …`. */
export const complaintOf = (error: z.core.$ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${describePath(issue.path)}: ${issue.message}`)
    .join('; ');
