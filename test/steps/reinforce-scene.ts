import type { ReinforcementName } from '../../src/actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import type { Before, Instance } from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import type { PlanDetail } from '../../src/case/details.ts';
import type { ReinforceDetail } from '../../src/case/reinforcement.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { printed } from '../../src/case/undo/inverse.ts';
import type { ReinforceInput } from '../../src/steps/reinforce-cut.ts';
import { reinforceCut } from '../../src/steps/reinforce-cut.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import type { FurtherWorld } from './fake-further-cuts.ts';
import { FakeFurtherCuts } from './fake-further-cuts.ts';
import { fakeHost } from './fake-host.ts';
import { aBefore, aCase, anInstance } from './sample-instance.ts';

/** The attacker's server, out on the internet. */
export const remote = '93.184.216.34';

/** Every further cut that has to be opted into. */
export const allCuts = {
  optedInto: reinforcementNames.filter((name) => reinforcementNamed(name).optIn !== undefined),
  hostDocumentName: 'cordon-host',
};

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly instance?: Partial<Instance>;
  readonly world?: FurtherWorld;
}

/** An instance whose groups are cut, and what no group cuts. */
export const reinforceScene = (scene: Scene = {}) => {
  const aws = fakeAws(scene.settings);
  const instance = anInstance(scene.instance);
  fakeHost(aws);
  const ec2 = new FakeEc2(aws, { instance });
  const world = new FakeFurtherCuts(aws, ec2, scene.world);
  const step = (
    theCase: Partial<Case> = {},
    before: Partial<Before> = {},
    part: Pick<ReinforceInput, 'part' | 'steps'> = {},
  ) =>
    reinforceCut(aws.deps, {
      case: aCase({ trigger: { ...aCase().trigger, remoteAddresses: [remote] }, ...theCase }),
      before: aBefore({ instance, ...before }),
      ...part,
    });
  const run = async (theCase: Partial<Case> = {}, before: Partial<Before> = {}) => {
    const { outcome, detail } = await step(theCase, before);
    return { outcome, ...(detail as ReinforceDetail) };
  };
  /** One of the two calls of the state machine. */
  const runPart = async (
    part: NonNullable<ReinforceInput['part']>,
    steps: readonly StepEntry[] = [],
    theCase: Partial<Case> = {},
  ) => {
    const { outcome, detail } = await step(theCase, {}, { part, steps });
    return { outcome, ...(detail as ReinforceDetail & Partial<PlanDetail>) };
  };
  const rehearse = async () => (await step({ dryRun: true })).detail as PlanDetail;
  /** The names of the calls that EC2 was sent, in order. */
  const sent = () =>
    aws.ec2.calls().map(({ args }) => args[0].constructor.name.replace(/Command$/, ''));
  return { aws, ec2, world, run, runPart, rehearse, sent };
};

type Told = Awaited<ReturnType<ReturnType<typeof reinforceScene>['run']>>;

/** `eni-1 done`, one line per resource of a cut. */
export const outcomesOf = ({ reinforcements }: Told, name: ReinforcementName): string[] =>
  reinforcements
    .filter(({ cut }) => cut === name)
    .map(({ resource, outcome }) => `${resource} ${outcome}`);

/** The commands that give a cut back. */
export const undoOf = ({ reinforcements }: Told, name: ReinforcementName): string[] =>
  reinforcements.filter(({ cut }) => cut === name).flatMap(({ undo }) => undo.flatMap(printed));

export const namesOfRisks = ({ risks }: Pick<Told, 'risks'>): string[] =>
  risks.map(({ risk }) => risk);
