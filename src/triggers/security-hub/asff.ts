import type { HubIdentity } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import type { HubFinding, HubResource } from './hub-finding.ts';
import {
  findingIdOf,
  guarddutyTypeAmong,
  isOfGuardduty,
  looksLikeSample,
  noteAuthor,
} from './hub-finding.ts';
import type { Asff } from './schema.ts';
import { asffSchema } from './schema.ts';

/** The lower end of each label on GuardDuty's scale. */
const severityOfLabel: ReadonlyMap<string, number> = new Map([
  ['INFORMATIONAL', 0],
  ['LOW', 1],
  ['MEDIUM', 4],
  ['HIGH', 7],
  ['CRITICAL', 9],
]);

const scale = /^(?:10(?:\.0+)?|\d(?:\.\d+)?)$/;

/**
 * `Original` is the product's own word: GuardDuty's number, or another's number on a scale of its own,
 * or a label. Of a product other than GuardDuty the highest counts, because an analyst may have raised
 * the label, and a scale that ends with 5 must not make a critical finding a medium one.
 */
const severityOf = (
  { Severity, FindingProviderFields }: Asff,
  fromGuardduty: boolean,
): number | null => {
  const severity = Severity ?? FindingProviderFields?.Severity;
  const { Original, Normalized, Label } = severity ?? {};
  const original =
    typeof Original === 'string' && scale.test(Original) ? Number(Original) : undefined;
  const normalized =
    typeof Normalized === 'number' && Normalized <= 100 ? Normalized / 10 : undefined;
  const first = original ?? normalized;
  if (fromGuardduty && first !== undefined) return first;
  const known = [original, normalized, severityOfLabel.get(Label ?? Original ?? '')].filter(
    (one) => one !== undefined,
  );
  return known.length === 0 ? null : Math.max(...known);
};

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-type-taxonomy.html */
const threats = /^(?:TTPs|Effects|Unusual Behaviors)(?:\/|$)/;

const dismissalOf = ({ Workflow, WorkflowState, Note }: Asff): string | undefined => {
  const state = Workflow?.Status ?? WorkflowState ?? '';
  if (state === 'SUPPRESSED') return 'The finding is suppressed in Security Hub.';
  if (state === 'RESOLVED') return 'The finding is resolved in Security Hub.';
  return state === 'NOTIFIED' && Note?.UpdatedBy === noteAuthor
    ? 'Cordon itself noted its case in the finding.'
    : undefined;
};

const resourcesOf = ({ Resources }: Asff): readonly HubResource[] =>
  (Resources ?? []).flatMap((one) =>
    one === null
      ? []
      : [
          {
            type: one.Type ?? '',
            id: one.Id ?? '',
            ...defined({ region: one.Region ?? undefined }),
            tags: one.Tags ?? {},
          },
        ],
  );

const identityOf = ({ Id, ProductArn }: Asff): HubIdentity | undefined =>
  Id && ProductArn ? { format: 'asff', id: Id, productArn: ProductArn } : undefined;

/** A finding in the AWS Security Finding Format; undefined where it is no object. */
export const readAsff = (value: unknown): HubFinding | undefined => {
  const { data } = asffSchema.safeParse(value);
  if (data === undefined) return undefined;
  const id = data.Id ?? 'unknown';
  const product = data.ProductArn ?? '';
  const types = (data.Types ?? data.FindingProviderFields?.Types ?? []).flatMap((one) =>
    one === null ? [] : [one],
  );
  const fromGuardduty = isOfGuardduty(id, product);
  const fields = data.ProductFields ?? {};
  const resources = resourcesOf(data);
  const type = (fromGuardduty ? guarddutyTypeAmong(types) : undefined) ?? types[0] ?? 'unknown';
  const posture = data.Compliance !== undefined && data.Compliance !== null;
  return {
    id: findingIdOf(id),
    type,
    fromGuardduty,
    severity: severityOf(data, fromGuardduty),
    at: [data.LastObservedAt, data.UpdatedAt],
    isThreat: !posture && (fromGuardduty || types.some((one) => threats.test(one))),
    sample:
      fields['aws/guardduty/service/additionalInfo/sample'] === 'true' ||
      data.Sample === true ||
      looksLikeSample(data.Title ?? '', resources),
    archived:
      data.RecordState === 'ARCHIVED' || fields['aws/guardduty/service/archived'] === 'true',
    resources,
    ...defined({
      since: data.FirstObservedAt ?? undefined,
      dismissal: dismissalOf(data),
      hub: identityOf(data),
      resourceRole: fields['aws/guardduty/service/resourceRole'],
      accountId: data.AwsAccountId,
      region: data.Region,
    }),
  };
};
