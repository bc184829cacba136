import type { ReinforceDetail, ReinforcementName } from '../reinforcement.ts';
import type { ResidualRisk } from '../risk.ts';

/** What is left of a risk when the cut that closes it was accepted; never nothing. */
interface Rest {
  /** The risk while the cut is not made. */
  readonly of: string;
  readonly rest: ResidualRisk;
}

const rests: Readonly<Partial<Record<ReinforcementName, Rest>>> = {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
  'revoke-credentials': {
    of: 'role-credentials-valid',
    rest: {
      risk: 'role-credentials-revoked',
      explanation:
        'The sessions of the instance’s role are denied everything, once IAM has the policy everywhere: that takes minutes. Sessions of other roles that were assumed with them, or keys that were made with them, go on.',
      remedy:
        'Look in CloudTrail for AssumeRole, CreateAccessKey and GetFederationToken calls of the instance’s sessions, and revoke what they gave.',
    },
  },
  'disable-imds': {
    of: 'instance-metadata',
    rest: {
      risk: 'instance-metadata-closed',
      explanation:
        'The instance metadata service is switched off, once its state is "applied". Credentials that were fetched before, by processes on the host too, stay valid until they expire.',
      remedy: 'Deny the sessions as well: RevokeCredentials.',
    },
  },
};

/** The risks after the further cuts: what a cut closes is worded anew, never left out. */
export const afterReinforcement = (
  risks: readonly ResidualRisk[],
  reinforced: ReinforceDetail | undefined,
): readonly ResidualRisk[] => {
  const byCut = Map.groupBy(reinforced?.reinforcements ?? [], ({ cut }) => cut);
  const made = [...byCut]
    .filter(([, its]) => its.every(({ outcome }) => outcome === 'done' || outcome === 'already'))
    .flatMap(([name]) => rests[name] ?? []);
  return risks.map((risk) => made.find(({ of }) => of === risk.risk)?.rest ?? risk);
};
