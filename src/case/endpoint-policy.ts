import * as z from 'zod/mini';

/** What a policy says of one call; `unknown` where its words are more than is understood here. */
export type Allowed = 'yes' | 'no' | 'unknown';

/** A call through an endpoint. */
export interface AskedOfPolicy {
  /** As IAM names it: `s3:PutObject`. */
  readonly action: string;
  /** Whether a resource of a statement covers all that is asked for. */
  readonly covers: (resource: string) => Allowed;
  /** The account of who calls, which is that of the instance. */
  readonly accountId: string;
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const statementSchema = z.object({
  Effect: z.string(),
  Principal: z.optional(z.unknown()),
  Action: z.optional(oneOrMore),
  NotAction: z.optional(oneOrMore),
  Resource: z.optional(oneOrMore),
  NotResource: z.optional(oneOrMore),
  Condition: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
});

const policySchema = z.object({ Statement: z.union([z.array(statementSchema), statementSchema]) });

type Statement = z.infer<typeof statementSchema>;

const asList = <Value>(one: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(one) ? one : [one as Value];

const any = (answers: readonly Allowed[]): Allowed =>
  answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';

const all = (answers: readonly Allowed[]): Allowed =>
  answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';

/** Wildcards elsewhere than at the end are not resolved: their cost is in the hands of who wrote them. */
const names = (pattern: string, action: string): Allowed => {
  const [wanted, asked] = [pattern.toLowerCase(), action.toLowerCase()];
  if (wanted === asked) return 'yes';
  const beginning = wanted.slice(0, -1);
  if (/[*?]/.test(beginning) || wanted.endsWith('?')) return 'unknown';
  return wanted.endsWith('*') && asked.startsWith(beginning) ? 'yes' : 'no';
};

const isEverybody = (principal: unknown): boolean =>
  principal === '*' ||
  (typeof principal === 'object' &&
    principal !== null &&
    'AWS' in principal &&
    asList(principal.AWS).includes('*'));

const ownAccountKeys = ['aws:principalaccount', 'aws:resourceaccount'] as const;

/** Only conditions that compare with the own account are understood. */
const isMet = (condition: Statement['Condition'], accountId: string): Allowed =>
  all(
    Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]): Allowed => {
        const known = ownAccountKeys.find((one) => one === key.toLowerCase());
        if (operator !== 'StringEquals' || known === undefined) return 'unknown';
        if (asList(values).includes(accountId)) return 'yes';
        // Whose the resource is, is not known here.
        return known === 'aws:principalaccount' ? 'no' : 'unknown';
      }),
    ),
  );

/** Whether a statement, whatever its effect, is about the call. */
const concerns = (
  { Principal, Action, NotAction, Resource, NotResource, Condition }: Statement,
  { action, covers, accountId }: AskedOfPolicy,
): Allowed => {
  const named = Action === undefined ? [] : asList(Action).map((one) => names(one, action));
  const covered = Resource === undefined ? [] : asList(Resource).map(covers);
  return all([
    NotAction === undefined ? any(named) : 'unknown',
    NotResource === undefined ? any(covered) : 'unknown',
    isEverybody(Principal) ? 'yes' : 'unknown',
    isMet(Condition, accountId),
  ]);
};

/**
 * Whether an endpoint's policy lets a call through
 * (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html). An endpoint without a
 * policy lets everything through. Never throws.
 */
export const allowedBy = (policy: string | undefined, asked: AskedOfPolicy): Allowed => {
  if (policy === undefined) return 'yes';
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    return 'unknown';
  }
  const parsed = policySchema.safeParse(document);
  if (!parsed.success) return 'unknown';
  const statements = asList(parsed.data.Statement);
  const effect = (wanted: boolean) =>
    any(
      statements
        .filter((one) => (one.Effect === 'Allow') === wanted)
        .map((one) => concerns(one, asked)),
    );
  // Whatever does not allow is taken for a denial.
  const [allows, denies] = [effect(true), effect(false)];
  if (denies === 'yes') return 'no';
  return denies === 'unknown' && allows === 'yes' ? 'unknown' : allows;
};
