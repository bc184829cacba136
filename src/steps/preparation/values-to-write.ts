import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { StepInput } from '../../case/step-input.ts';
import { interfaceTags, vouchedInterfaceTags } from '../../record/trail/before-tags.ts';
import { fitTags } from '../../record/trail/fit-tags.ts';
import { openingTags } from '../../record/trail/instance-tags.ts';
import { formerOf } from '../../record/trail/recall.ts';
import { maximumTags } from '../../record/trail/tag-value.ts';
import type { TagsByResource } from '../../record/trail/tags.ts';

export interface PrepareInput extends StepInput {
  /** `interfaces`: the watch closes interfaces of a case whose instance has been told everything. */
  readonly remembering?: 'all' | 'interfaces' | 'nothing';
}

export interface ValuesToWrite {
  readonly values: TagsByResource;
  /** The keys of what finds no room among the tags of the instance. */
  readonly left: readonly string[];
}

/** Everything that describe knows of the world before, as it is written before the first change. */
export const valuesToWrite = ({
  case: theCase,
  before,
  remembering = 'all',
}: PrepareInput): ValuesToWrite => {
  const { instance } = before;
  const opening = openingTags(theCase, before);
  const { fitting, left } = fitTags(opening.tags, instance.tags, maximumTags);
  return {
    values: {
      ...Object.fromEntries(
        (remembering === 'nothing' ? [] : movableInterfaces(instance))
          .map((one) => [one.id, interfaceTags(theCase.caseId, before, one)] as const)
          .filter(([, tags]) => Object.keys(tags).length > 0),
      ),
      ...(remembering === 'all' ? { [instance.id]: fitting } : {}),
    },
    left: remembering === 'all' ? [...opening.unfit, ...left] : [],
  };
};

/** What of it this run can vouch for: what was found in AWS itself, or is written anew. */
export const vouchedFor = (
  { case: theCase, before, remembering }: PrepareInput,
  { values }: ValuesToWrite,
): TagsByResource => ({
  ...values,
  ...Object.fromEntries(
    (remembering === 'nothing' ? [] : movableInterfaces(before.instance)).map(
      (one) => [one.id, vouchedInterfaceTags(theCase.caseId, before, one)] as const,
    ),
  ),
});

/** The original groups of the interfaces that an undo gives them back. */
export const originalsIn = (before: Before): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(formerOf(before).interfaces).flatMap(([id, { groups }]) =>
      groups === undefined ? [] : [[id, groups] as const],
    ),
  );
