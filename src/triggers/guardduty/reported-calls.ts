import type { ReportedCalls } from '../containment-request.ts';
import type { Finding } from './schema.ts';
import { apiCallActionSchema } from './schema.ts';

type Sequence = NonNullable<NonNullable<NonNullable<Finding['service']>['detection']>['sequence']>;
type Actor = NonNullable<Sequence['actors']>[number];
type Signal = NonNullable<Sequence['signals']>[number];

/** Stands for a call that the finding does not name in a form that can be read. */
const unknownCall = 'unknown';

const texts = (...values: readonly (string | null | undefined)[]): readonly string[] =>
  values.flatMap((one) => (one ? [one] : []));

/** Actors have been seen with the id `user:AssumedRole:AROA…:<session>`; AWS documents no form. */
const sessionId = /^user:AssumedRole:/;

/** The issuer is the ARN of the role, and settles it; else the ids of the session. */
const principalsOf = (actor: Actor): readonly string[] => {
  const issuer = texts(actor?.session?.issuer);
  return issuer.length > 0
    ? issuer
    : texts(actor?.user?.uid, actor?.id).map((id) => id.replace(sessionId, ''));
};

/** A signal counts under its name where CloudTrail recorded the call and its actors are listed. */
const nameOf = (signal: Signal, actors: ReadonlySet<string>): string => {
  const ids = signal?.actorIds ?? [];
  const known = ids.length > 0 && ids.every((id) => actors.has(id));
  return (signal?.type === 'CLOUD_TRAIL' && known ? signal.name : undefined) ?? unknownCall;
};

const inSequence = ({ actors, signals }: Sequence): ReportedCalls => {
  const ids = new Set(texts(...(actors ?? []).map((actor) => actor?.id)));
  return {
    callers: (actors ?? []).map(principalsOf),
    names: [...new Set((signals ?? []).map((signal) => nameOf(signal, ids)))],
  };
};

const inAction = ({ resource, service }: Finding): ReportedCalls => {
  const credentials = resource?.accessKeyDetails;
  const action = apiCallActionSchema.safeParse(service?.action).data;
  return {
    callers: credentials ? [texts(credentials.principalId)] : [],
    names: texts(action?.awsApiCallAction?.api),
  };
};

/**
 * The calls of AWS that a finding is about, from both places where GuardDuty names callers: the
 * credentials of an API call, and the actors of a sequence, which findings of custom detection rules
 * have too (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Actor.html). Undefined where
 * it names no caller.
 */
export const reportedCalls = (finding: Finding): ReportedCalls | undefined => {
  const action = inAction(finding);
  const sequence = inSequence(finding.service?.detection?.sequence ?? {});
  const callers = [...action.callers, ...sequence.callers];
  return callers.length === 0
    ? undefined
    : { callers, names: [...action.names, ...sequence.names] };
};
