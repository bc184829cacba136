import type { Deps } from '../aws/clients.ts';
import { asCordonError, codeOf, inWords, isDenied, isUnavailable } from '../aws/errors.ts';
import { tagReadPermissions, writeTags } from '../aws/tags.ts';
import { sealingPermissions } from '../aws/trail-key.ts';
import type { Before } from '../case/before.ts';
import type { PlanDetail, Vouched } from '../case/details.ts';
import { TrailNotWrittenError } from '../case/errors.ts';
import type { Question } from '../case/question.ts';
import { registrationsOf } from '../case/registrations.ts';
import { assembleReport } from '../case/report.ts';
import type { StepEntry, StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { unite, vouchedBy, vouching } from '../case/vouched.ts';
import { rehearse } from '../engine/rehearse.ts';
import { remember } from '../engine/remember.ts';
import { tagging } from '../engine/tagging.ts';
import { fitTags } from '../record/trail/fit-tags.ts';
import type { InstanceTags } from '../record/trail/instance-tags.ts';
import { closingTags, openingTags } from '../record/trail/instance-tags.ts';
import { caseTag, recordTag, sealTag, statusTag } from '../record/trail/keys.ts';
import { registrationTags } from '../record/trail/registration-tags.ts';
import { releaseStepTag } from '../record/trail/release-tags.ts';
import type { TrailKey } from '../record/trail/seal/trail-key.ts';
import { maximumTags } from '../record/trail/tag-value.ts';
import type { Tags, TagsByResource } from '../record/trail/tags.ts';
import { originalRules } from './original-rules.ts';
import { sealTags, sealTrail } from './seal-trail.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  'ec2:CreateTags',
  ...tagReadPermissions,
  ...sealingPermissions,
]);

export type TagDeps = Deps<'ec2'> & {
  /** Absent where no stack has a key: then nothing is sealed. */
  readonly trailKey?: TrailKey;
};

export interface TagInput extends StepInput {
  /** The entries of all steps, when the case is closed; without, the case is opened. */
  readonly steps?: readonly StepEntry[];
  /** Why the instance is not cut off yet, or not at all, where that is how the case stands. */
  readonly question?: Question;
}

export interface TagDetail extends Vouched {
  readonly written: number;
  /** Tags that found no room: what they say cannot be undone from tags. */
  readonly left: readonly string[];
  /** Resources whose tags could not be sealed, and why, in words. */
  readonly unsealed?: readonly string[];
}

/** What a person has given back of the case stays sealed: the seal that says so is renewed now. */
const withGivenBack = (
  closing: InstanceTags,
  { instance, givenBack = [] }: Before,
): InstanceTags => {
  const note = instance.tags[releaseStepTag];
  return givenBack.length === 0 || note === undefined
    ? closing
    : { ...closing, tags: { ...closing.tags, [releaseStepTag]: note } };
};

const whyOpen = (question: Question | undefined): { ask?: string; skip?: string } => {
  if (question === undefined) return {};
  const { reason, status } = question;
  return status === 'asked' ? { ask: reason } : { skip: reason };
};

const wantedTags = (
  { clock }: TagDeps,
  { case: theCase, before, steps, question }: TagInput,
): InstanceTags =>
  steps === undefined
    ? openingTags(theCase, before)
    : withGivenBack(
        closingTags(
          assembleReport({
            ...{ case: theCase, steps, finished: true, now: clock.now() },
            ...whyOpen(question),
          }),
          before,
        ),
        before,
      );

/** The numbered tags that the deregistering step has added meanwhile, for the room they take. */
const ofRegistrations = (steps: readonly StepEntry[]): Tags =>
  registrationTags({}, registrationsOf(steps)).tags;

const essential = (tags: Tags): Tags =>
  Object.fromEntries(
    [caseTag, statusTag].flatMap((key) => {
      const value = tags[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );

/** The tags of a case with their seals, over the head of its record as it stands. */
const writeSealed = async (
  deps: TagDeps,
  trailKey: TrailKey,
  input: TagInput,
  {
    rules,
    fitting,
    left,
  }: {
    readonly rules: TagsByResource;
    readonly fitting: Tags;
    readonly left: readonly string[];
  },
): Promise<StepResult<TagDetail>> => {
  const written = unite(vouchedBy(input.steps ?? []), rules);
  const record = await deps.recordHead?.(input.case.caseId);
  const sealed = await sealTrail(deps, trailKey, input, written, fitting, record?.head);
  const { seals, unsealed } = sealed;
  return {
    outcome: 'done',
    detail: {
      ...{ written: Object.keys(fitting).length, left },
      ...(unsealed.length === 0 ? {} : { unsealed }),
      ...vouching(unite(rules, sealTags(seals))),
    },
  };
};

/**
 * Step 2: the trail on the instance. At the end the status and one tag per step; run alone, who, why
 * and the before-state, which prepare-isolation writes ahead of every change. Tags that find no room
 * beside the instance's own are left out, named, and do not fail the step.
 *
 * @throws TrailNotWrittenError when nothing could be written.
 * @throws AwsUnavailableError, AwsDeniedError when AWS could not be asked.
 */
export const tag = async (
  deps: TagDeps,
  input: TagInput,
): Promise<StepResult<TagDetail | PlanDetail>> => {
  const { case: theCase, before, steps } = input;
  const { tags: wanted, unfit } = wantedTags(deps, input);
  const taken = { ...before.instance.tags, ...ofRegistrations(steps ?? []) };
  const { trailKey } = deps;
  const own = trailKey === undefined ? [] : [sealTag, recordTag];
  const sealed = own.filter((key) => taken[key] === undefined).length;
  const { fitting, left: withoutRoom } = fitTags(wanted, taken, maximumTags - sealed);
  const left = [...withoutRoom, ...unfit];
  const write = (tags: Tags) => writeTags(deps.clients.ec2, [theCase.instanceId], tags);
  if (theCase.dryRun) {
    const change = tagging(deps, theCase.instanceId, fitting);
    return { outcome: 'planned', detail: { calls: await rehearse([change]) } };
  }
  try {
    const rules = steps === undefined ? {} : await originalRules(deps, before);
    const detail = { written: Object.keys(fitting).length, left };
    if (trailKey === undefined) {
      await remember(deps, theCase, rules);
      await write(fitting);
      return { outcome: 'done', detail: { ...detail, ...vouching(rules) } };
    }
    return await writeSealed(deps, trailKey, input, { rules, fitting, left });
  } catch (error) {
    if (isDenied(error) || isUnavailable(error)) throw asCordonError(error, 'Writing the tags');
    if (codeOf(error) !== 'TagLimitExceeded') {
      throw new TrailNotWrittenError(
        `The tags of ${theCase.instanceId} were refused (${inWords(error)}); the log of the case has what they say.`,
        { cause: error },
      );
    }
  }
  // Somebody filled the tags meanwhile: the two that others look for are worth another try.
  const least = essential(wanted);
  try {
    await write(least);
  } catch (error) {
    throw new TrailNotWrittenError(
      `${theCase.instanceId} has no room for tags (${inWords(error)}); the log of the case has what they say.`,
      { cause: error },
    );
  }
  const rest = Object.keys(wanted).filter((key) => least[key] === undefined);
  return { outcome: 'done', detail: { written: Object.keys(least).length, left: rest } };
};
