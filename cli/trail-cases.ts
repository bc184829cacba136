import { readOwnAccount } from '../src/aws/own-account.ts';
import { readTagsOfKeys } from '../src/aws/tags.ts';
import { byBeginning, isCaseIdOf } from '../src/case/case.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../src/case/errors.ts';
import { listCases } from '../src/record/chain/list-cases.ts';
import type { EvidenceCase } from '../src/record/evidence-store/keys.ts';
import { caseTag } from '../src/record/trail/keys.ts';
import type { RetellDeps } from '../src/retell-case.ts';

/** Whose cases are looked for. */
export interface CasesOf {
  readonly accountId: string;
  readonly region: string;
}

/**
 * The account of the stack, or else of the credentials.
 *
 * @throws InvalidSettingsError where neither tells it.
 */
export const accountFor = async (
  { clients }: RetellDeps,
  stateMachineArn: string | undefined,
): Promise<string> => {
  const account = stateMachineArn?.split(':')[4] ?? (await readOwnAccount(clients.ec2));
  if (account !== undefined) return account;
  throw new InvalidSettingsError(
    'The account could not be told; name the stack of Cordon with --stack.',
  );
};

/** Every case of an account and Region that has a folder in the store, or that tags name. */
export const everyCase = async (
  { bucket, clients }: RetellDeps,
  about: CasesOf,
): Promise<readonly EvidenceCase[]> => {
  const [stored, tagged] = await Promise.all([
    bucket === undefined ? [] : listCases(bucket, about),
    readTagsOfKeys(clients.ec2, [caseTag]),
  ]);
  const ofTags = [...tagged].flatMap(([instanceId, { [caseTag]: caseId = '' }]) =>
    isCaseIdOf(caseId, instanceId) ? [{ ...about, instanceId, caseId }] : [],
  );
  const byId = new Map([...stored, ...ofTags].map((one) => [one.caseId, one]));
  return [...byId.values()].toSorted((a, b) => byBeginning(a.caseId, b.caseId));
};

/**
 * The case that a person means: the one that was named, or the latest of the instance that was.
 *
 * @throws UnintelligibleEventError where no case of the instance is known.
 */
export const caseFor = async (
  deps: RetellDeps,
  about: CasesOf,
  { instanceId, caseId }: { readonly instanceId: string; readonly caseId?: string },
): Promise<EvidenceCase> => {
  if (caseId !== undefined) return { ...about, instanceId, caseId };
  const isIts = (one: EvidenceCase): boolean => one.instanceId === instanceId;
  const stored = deps.bucket === undefined ? [] : await listCases(deps.bucket, about, instanceId);
  // A tag names a case only where the store has none: whoever owns the host may write tags.
  const its = stored.length > 0 ? stored : (await everyCase(deps, about)).filter(isIts);
  const latest = its.toSorted((a, b) => byBeginning(a.caseId, b.caseId)).at(-1);
  if (latest !== undefined) return latest;
  throw new UnintelligibleEventError(
    `No case of ${instanceId} is known in ${about.region}; accepted is an instance that was contained, or a case id.`,
  );
};
