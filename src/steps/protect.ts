import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { codeOf, inWords, isUnavailable } from '../aws/errors.ts';
import { writeTags } from '../aws/tags.ts';
import type { Before, Instance } from '../case/before.ts';
import type { PlanDetail, Vouched } from '../case/details.ts';
import { AwsUnavailableError, ProtectionIncompleteError } from '../case/errors.ts';
import { impossibleProtections } from '../case/protection.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import { vouching } from '../case/vouched.ts';
import { volumeTags } from '../trail/before-tags.ts';
import { keepVolumes } from './protections/keep-volumes.ts';
import { valuesToWrite, vouchedFor } from './protections/values-to-write.ts';
import { remember } from './remember.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe(['ec2:ModifyInstanceAttribute', 'ec2:CreateTags']);

type ProtectDeps = Deps<'ec2'>;

type Protecting = 'termination' | 'stop' | 'shutdown' | 'volumes';

interface Measure {
  readonly name: Protecting;
  readonly change: Change;
}

export interface ProtectDetail extends Vouched {
  readonly protected: readonly Protecting[];
  readonly already: readonly Protecting[];
  /** What AWS does not allow for this instance, and why. */
  readonly notApplicable: Readonly<Record<string, string>>;
  readonly volumes: number;
  readonly risks: readonly ResidualRisk[];
}

const modify = (
  { clients }: ProtectDeps,
  { id }: Instance,
  name: Protecting,
  attribute: Omit<ConstructorParameters<typeof ModifyInstanceAttributeCommand>[0], 'InstanceId'>,
): Measure => ({
  name,
  change: {
    call: 'ec2:ModifyInstanceAttribute',
    resource: `${id} ${name}`,
    send: (dryRun) =>
      clients.ec2.send(
        new ModifyInstanceAttributeCommand({
          InstanceId: id,
          ...attribute,
          ...(dryRun ? { DryRun: true } : {}),
        }),
      ),
  },
});

/** One call each: ModifyInstanceAttribute takes a single attribute at a time. */
const measures = (deps: ProtectDeps, instance: Instance): readonly Measure[] => {
  const { protection, volumes } = instance;
  const deletable = volumes.filter((volume) => volume.deleteOnTermination);
  return [
    ...(protection.termination === true
      ? []
      : [modify(deps, instance, 'termination', { DisableApiTermination: { Value: true } })]),
    ...(protection.stop === true
      ? []
      : [modify(deps, instance, 'stop', { DisableApiStop: { Value: true } })]),
    ...(protection.shutdownBehavior === 'stop'
      ? []
      : [
          modify(deps, instance, 'shutdown', {
            InstanceInitiatedShutdownBehavior: { Value: 'stop' },
          }),
        ]),
    ...(deletable.length === 0
      ? []
      : [
          {
            name: 'volumes' as const,
            change: {
              call: 'ec2:ModifyInstanceAttribute',
              resource: `${instance.id} volumes`,
              send: (dryRun: boolean) => keepVolumes(deps, instance.id, deletable, dryRun),
            },
          },
        ]),
  ];
};

const allMeasures: readonly Protecting[] = ['termination', 'stop', 'shutdown', 'volumes'];

/** AWS's ways of saying that this instance cannot have this protection. */
const notAllowedCodes = new Set([
  'OperationNotPermitted',
  'UnsupportedOperation',
  'InvalidParameterCombination',
  'UnsupportedInstanceAttribute',
]);

const plan = async (
  deps: ProtectDeps,
  before: Before,
  possible: readonly Measure[],
  caseId: string,
): Promise<StepResult<PlanDetail>> => {
  const tagging = before.instance.volumes.map(
    (volume): Change => ({
      call: 'ec2:CreateTags',
      resource: volume.id,
      send: (dryRun) =>
        writeTags(deps.clients.ec2, [volume.id], volumeTags(caseId, before, volume), dryRun),
    }),
  );
  const changes = [...tagging, ...possible.map(({ change }) => change)];
  return { outcome: 'planned', detail: { calls: await rehearse(changes) } };
};

/**
 * Step 6: termination protection, stop protection, shutdown means stop, no volume is deleted with
 * the instance. What AWS does not allow (Spot, instance store) is not applicable, not failed.
 *
 * @throws ProtectionIncompleteError when a protection that is allowed could not be switched on;
 *   all others were.
 * @throws AwsUnavailableError when that was for load.
 */
export const protect = async (
  deps: ProtectDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<ProtectDetail | PlanDetail>> => {
  const { instance } = before;
  const notApplicable: Record<string, string> = { ...impossibleProtections(instance) };
  const wanted = measures(deps, instance);
  const possible = wanted.filter(({ name }) => notApplicable[name] === undefined);
  if (theCase.dryRun) return plan(deps, before, possible, theCase.caseId);
  const done: Protecting[] = [];
  const failures: { name: Protecting; error: unknown }[] = [];
  // Before-values first. Prepare has written the instance's already, but this step may run alone.
  const unwritten = await remember(deps, theCase, valuesToWrite(theCase.caseId, before));
  const risks = unwritten.length > 0 ? [undoFromLogOnly(unwritten.join(', '))] : [];
  await Promise.all(
    possible.map(async ({ name, change }) => {
      try {
        await change.send(false);
        done.push(name);
      } catch (error) {
        if (notAllowedCodes.has(codeOf(error))) notApplicable[name] = inWords(error);
        else failures.push({ name, error });
      }
    }),
  );
  if (failures.length > 0) {
    const words = failures.map(({ name, error }) => `${name}: ${inWords(error)}`).join('; ');
    const Failure = failures.some(({ error }) => isUnavailable(error))
      ? AwsUnavailableError
      : ProtectionIncompleteError;
    throw new Failure(
      `${done.length} of ${possible.length} protections were switched on (${words}). Switch on the rest by hand.`,
      { cause: failures[0]?.error },
    );
  }
  const already = allMeasures.filter(
    (name) => !wanted.some((one) => one.name === name) && notApplicable[name] === undefined,
  );
  return {
    outcome: done.length > 0 ? 'done' : already.length > 0 ? 'already' : 'not-applicable',
    detail: {
      protected: allMeasures.filter((name) => done.includes(name)),
      already,
      notApplicable,
      volumes: instance.volumes.length,
      risks,
      ...vouching(vouchedFor(theCase.caseId, before)),
    },
  };
};
