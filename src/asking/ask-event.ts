import * as z from 'zod/mini';
import type { Case } from '../case/case.ts';
import { isCaseIdOf } from '../case/case.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { Question } from '../case/question.ts';
import { askDefaults } from '../case/question.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';

const caseSchema = z.looseObject({
  caseId: z.string(),
  instanceId: instanceIdSchema,
  accountId: z.string(),
  region: z.string(),
  trigger: z.looseObject({ severity: z.nullable(z.number()) }),
});

const questionSchema = z.object({
  reason: z.string(),
  halfSeconds: z.number(),
  otherwise: z.enum(askDefaults),
  asks: z.boolean(),
  status: z.enum(['asked', 'skipped']),
});

const common = { case: caseSchema, question: questionSchema, run: z.looseObject({}) };

const schema = z.union([
  z.object({ ...common, token: z.string(), again: z.boolean() }),
  z.object({
    ...common,
    answer: z.looseObject({
      answer: z.optional(z.string()),
      by: z.optional(z.string()),
      reason: z.optional(z.string()),
    }),
  }),
]);

interface Asked {
  readonly case: Case;
  readonly question: Question;
  /** The results of the steps that were run before anybody was asked, by their keys in the machine. */
  readonly run: object;
}

/** What the machine that asks wants of its function: to ask, or to end a question that leaves the host open. */
export type AskEvent =
  | (Asked & { readonly kind: 'ask'; readonly token: string; readonly again: boolean })
  | (Asked & {
      readonly kind: 'leave-open';
      readonly answer: {
        readonly answer?: string | undefined;
        readonly by?: string | undefined;
        readonly reason?: string | undefined;
      };
    });

/** @throws UnintelligibleEventError for anything that the machine does not send. */
export const parseAskEvent = (event: unknown): AskEvent => {
  const { data, error } = schema.safeParse(event, { reportInput: true });
  if (data === undefined || !isCaseIdOf(data.case.caseId, data.case.instanceId)) {
    const why = error === undefined ? 'its case is of another instance' : complaintOf(error);
    throw new UnintelligibleEventError(`The question cannot be read (${why}).`);
  }
  const { question, run } = data;
  const asked: Asked = { case: data.case as unknown as Case, question, run };
  return 'token' in data
    ? { ...asked, kind: 'ask', token: data.token, again: data.again }
    : { ...asked, kind: 'leave-open', answer: data.answer };
};
