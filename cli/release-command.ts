import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { asCordonError } from '../src/aws/errors.ts';
import { ReleaseRefusedError } from '../src/case/errors.ts';
import type { Inverse, Phase } from '../src/case/undo/inverse.ts';
import { inverseLine, phases } from '../src/case/undo/inverse.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import type { Releasable } from '../src/release/find-released.ts';
import { findReleasable } from '../src/release/find-released.ts';
import type { ReleaseRequest } from '../src/release/release.ts';
import { namedGroups, rehearseRelease, release, requireTrust } from '../src/release/release.ts';
import type { ReleasePlan } from '../src/release/release-plan.ts';
import { asksForGroup, planRelease } from '../src/release/release-plan.ts';
import type { ReleaseResult } from '../src/release/release-result.ts';
import { releaseText, releaseVerdict } from '../src/release/release-text.ts';
import type { CommonOptions } from './common-options.ts';
import { useProfile, withCommonOptions } from './common-options.ts';
import { ask } from './confirm.ts';
import { connect, settingsOfShell } from './connect.ts';
import { exitCodes } from './exit-code.ts';
import { print, tell } from './output.ts';
import { regionFor } from './region.ts';
import { subjectOf } from './subject.ts';
import { whoAsks } from './switch-command.ts';

type Groups = Readonly<Record<string, readonly string[]>>;

interface Options extends CommonOptions {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly trustTags?: true;
  readonly reason?: string;
  readonly only?: readonly Phase[];
  readonly asg?: 'attach' | 'leave';
  readonly groups?: Groups;
}

const phasesIn = (text: string): readonly Phase[] =>
  text.split(',').map((word) => {
    const phase = phases.find((one) => one === word.trim());
    if (phase === undefined) throw new InvalidArgumentError(`One of ${phases.join(', ')}.`);
    return phase;
  });

/** `eni-…=sg-…,sg-…`, as often as there are interfaces. */
const groupsIn = (text: string, before: Groups = {}): Groups => {
  const [id, groups] = text.split('=');
  if (!/^eni-[0-9a-f]+$/.test(id ?? '') || !/^sg-[0-9a-f]+(?:,sg-[0-9a-f]+)*$/.test(groups ?? '')) {
    throw new InvalidArgumentError('Accepted is eni-…=sg-… or eni-…=sg-…,sg-….');
  }
  return { ...before, [id ?? '']: (groups ?? '').split(',') };
};

/** Without a word, and under `--yes`, the instance is left out of the group: a replacement runs there. */
const decideGroup = async (
  { knowledge }: Releasable,
  { asg, yes, only }: Options,
): Promise<'attach' | 'leave'> => {
  if (asg !== undefined) return asg;
  const concerned = only === undefined || only.includes('auto-scaling');
  if (!concerned || !asksForGroup(knowledge)) return 'attach';
  const group = knowledge.former.membership?.groupName ?? '';
  const said =
    yes === true
      ? undefined
      : await ask(
          `Attach it to the Auto Scaling group ${group} again? That raises its desired capacity by one, and the replacement goes on running. [attach/leave] `,
        );
  if (said === 'attach') return 'attach';
  tell(`It is left out of the Auto Scaling group ${group}: --asg attach takes it back.`);
  return 'leave';
};

/** @throws ReleaseRefusedError where nobody confirms. */
const confirm = async ({ found }: Releasable, { yes }: Options): Promise<void> => {
  if (yes === true) return;
  const { instanceId } = found.case;
  const said = await ask(`Type ${instanceId} to give it back: `);
  if (said === instanceId) return;
  throw new ReleaseRefusedError(
    said === undefined
      ? `Nobody is there to confirm, and ${instanceId} stays as it is: say --yes, or --dry-run to see the plan.`
      : `${instanceId} was not typed, and stays as it is.`,
  );
};

const codeOf = ({ status }: ReleaseResult): number =>
  status === 'release-incomplete' ? exitCodes.notIsolated : exitCodes.done;

const show = (result: ReleaseResult, { json, quiet }: Options): void => {
  if (json === true) {
    const plain = ({ phase, resource, what, command }: Inverse) => ({
      phase,
      resource,
      what,
      command,
    });
    const { done, remaining, ...rest } = result;
    print(
      JSON.stringify({ ...rest, done: done.map(plain), remaining: remaining.map(plain) }, null, 2),
    );
    return;
  }
  print(quiet === true ? releaseVerdict(result) : releaseText(result));
};

const planLines = (plan: ReleasePlan): readonly string[] => [
  ...plan.inverses.map((one) => `  ${one.phase.padEnd(14)} ${inverseLine(one)}`),
  ...plan.waiting.map((one) => `  waits          ${inverseLine(one)}`),
  ...plan.left.map((one) => `  left as it is  ${inverseLine(one)}`),
  ...plan.impossible.map((what) => `  impossible     ${what}`),
];

const run = async (text: string, options: Options): Promise<number> => {
  const subject = subjectOf(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const { settings } = settingsOfShell();
  const deps = await connect(makeRunbookClients, region, settings, options);
  const { only, groups, reason, trustTags } = options;
  const releasable = await findReleasable(deps, subject, region, namedGroups(options)).catch(
    (error: unknown) => {
      throw asCordonError(error, `Nothing was given back: reading ${subject.instanceId}`);
    },
  );
  requireTrust(releasable, trustTags);
  const request: ReleaseRequest = {
    by: { who: whoAsks(), ...(reason === undefined ? {} : { reason }) },
    autoScaling: await decideGroup(releasable, options),
    ...(only === undefined ? {} : { only }),
    ...(groups === undefined ? {} : { groups }),
  };
  const plan = planRelease(releasable.knowledge, releasable.existing, request);
  if (options.quiet !== true && options.json !== true) {
    tell(`To be given back of ${subject.instanceId}, in this order:`);
    for (const line of planLines(plan)) tell(line);
  }
  if (options.dryRun === true) {
    show(rehearseRelease(releasable, plan), options);
    return exitCodes.done;
  }
  await confirm(releasable, options);
  const result = await release(deps, releasable, plan, request, (inverse) => {
    if (options.quiet !== true) tell(`given back: ${inverseLine(inverse)}`);
  });
  show(result, options);
  return codeOf(result);
};

/** `cordon release <case | instance>` */
export const addReleaseCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withCommonOptions(
    program
      .command('release')
      .description('Give a contained instance back, each change read back, and close its case.')
      .argument('<case | instance>', 'a case id, or an instance id')
      .option('--dry-run', 'show what would be given back; nothing is changed')
      .option('--yes', 'ask nothing; the instance is left out of its Auto Scaling group')
      .option('--reason <text>', 'why, for the trail')
      .option(
        '--only <parts>',
        `only these, and the case stays open: ${phases.join(', ')}`,
        phasesIn,
      )
      .addOption(
        new Option('--asg <what>', 'what becomes of its place in the Auto Scaling group').choices([
          'attach',
          'leave',
        ]),
      )
      .option('--groups <eni=sg,…>', 'the groups that an interface gets instead', groupsIn)
      .option('--trust-tags', 'believe tags of which nothing shows whose they are'),
  ).action(async (subject: string, options: Options) => {
    try {
      onExitCode(await run(subject, options));
    } catch (error) {
      if (!(error instanceof ReleaseRefusedError)) throw error;
      tell(error.message);
      onExitCode(exitCodes.person);
    }
  });
};
