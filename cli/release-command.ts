import type { Command } from 'commander';
import { Option } from 'commander';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import type { Note } from '../src/aws/current-journal.ts';
import { journaling } from '../src/aws/current-journal.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { defined } from '../src/case/defined.ts';
import { ReleaseRefusedError } from '../src/case/errors.ts';
import type { Inverse } from '../src/case/undo/inverse.ts';
import { inverseLine, phases } from '../src/case/undo/inverse.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { trySettleCase } from '../src/record/case-table/settle-case.ts';
import { keepNotes } from '../src/record/outbox/keep-run.ts';
import { endInJournal } from '../src/release/close-trail.ts';
import type { Releasable } from '../src/release/find-released.ts';
import { findReleasable } from '../src/release/find-released.ts';
import type { ReleaseRequest } from '../src/release/release.ts';
import { namedGroups, rehearseRelease, release } from '../src/release/release.ts';
import { releaseByMachine } from '../src/release/release-by-machine.ts';
import type { ReleasePlan } from '../src/release/release-plan.ts';
import { planRelease } from '../src/release/release-plan.ts';
import type { ReleaseResult } from '../src/release/release-result.ts';
import { requireTrust } from '../src/release/require-trust.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { exitCodes } from './exit-code.ts';
import { findSubject } from './find-subject.ts';
import { tell } from './output.ts';
import { personJournal } from './person-journal.ts';
import { regionFor } from './region.ts';
import type { Groups, Said } from './release-decisions.ts';
import {
  confirm,
  decideGroup,
  groupsIn,
  phasesIn,
  refuseCleaningInPart,
  requireReason,
} from './release-decisions.ts';
import { planLines, sayWhatIsCleaned, show } from './release-output.ts';
import { stackWitnesses } from './stack-witnesses.ts';
import { requireSubject } from './subject.ts';
import { refuseSwallowedOptions } from './swallowed-options.ts';
import { whoAsks } from './switch-command.ts';

interface Options extends CommonOptions, StackOption, Said {
  readonly dryRun?: true;
  readonly trustTags?: true;
  readonly trustGroups?: true;
  readonly reason?: string;
  readonly groups?: Groups;
  readonly close?: true;
  readonly clean?: true;
}

const codeOf = ({ status }: ReleaseResult): number =>
  status === 'release-incomplete' ? exitCodes.notIsolated : exitCodes.done;

const connectTo = async (region: string, options: Options) => {
  const { settings } = settingsOfShell();
  const connected = await connect(makeRunbookClients, region, settings, options);
  const stepFunctions = makeStepFunctionsClient(connected.log, region);
  const clients = { ...connected.clients, stepFunctions };
  return { ...connected, region, clients, ...stackWitnesses(connected, region, options.stack) };
};

type Connected = Awaited<ReturnType<typeof connectTo>>;

/** The table must not go on calling a case contained that is given back: the watch would close it again. */
const settleInTable = async (deps: Connected, result: ReleaseResult): Promise<void> => {
  const tableName = (await deps.caseTableName) ?? '';
  if (tableName === '') return;
  const dynamoDb = makeDynamoDbClient(deps.log, deps.region);
  const taken = await trySettleCase(deps, { dynamoDb, tableName }, result);
  if (taken) return;
  tell(
    `The case table of the stack could not be told that ${result.instanceId} is ${result.status}: a finding about it joins the old case, and the watch goes by the sealed tags alone. You need the policy OnCallAnswerPolicyArn.`,
  );
};

/** By the stack's own machine where there is one that this person may start, else in this process. */
const giveBack = async (
  deps: Connected,
  releasable: Releasable,
  plan: ReleasePlan,
  request: ReleaseRequest,
  { trustTags, trustGroups, quiet }: Options,
): Promise<ReleaseResult> => {
  const onDone = (inverse: Inverse): void => {
    if (quiet !== true) tell(`given back: ${inverseLine(inverse)}`);
  };
  const machine = await deps.releaseStateMachineArn;
  if (machine !== undefined) {
    const { caseId, instanceId } = releasable.found.case;
    const { by, autoScaling: asg, only, groups, close } = request;
    const asked = { instanceId, requestedBy: by.who, reason: by.reason };
    const event = defined({ ...asked, only, asg, groups, close, trustTags, trustGroups });
    const result = await releaseByMachine(deps, machine, caseId, event, plan.inverses);
    for (const inverse of result?.done ?? []) onDone(inverse);
    if (result?.status === 'released') await endInJournal(deps, releasable.found.case);
    if (result !== undefined) return result;
    deps.log.warn('the machine of releases may not be started; this process does it', { machine });
  }
  const notes: Note[] = [];
  const result = await journaling(notes, () => release(deps, releasable, plan, request, onDone));
  await settleInTable(deps, result);
  await keepNotes(personJournal(deps, deps.region, deps), releasable.found.case, notes);
  return result;
};

const run = async (text: string, options: Options): Promise<number> => {
  refuseSwallowedOptions('release', options);
  requireSubject(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const deps = await connectTo(region, options);
  const changes = options.dryRun !== true;
  const subject = await findSubject(text, { region, log: deps.log, changes });
  const { only, groups, reason, close, trustTags, trustGroups } = options;
  requireReason(options);
  refuseCleaningInPart(options);
  const releasable = await findReleasable(deps, subject, region, namedGroups(options)).catch(
    (error: unknown) => {
      throw asCordonError(error, `Nothing was given back: reading ${subject.instanceId}`);
    },
  );
  const withoutStack = await deps.withoutStack;
  if (withoutStack !== undefined && options.quiet !== true) tell(withoutStack);
  requireTrust(releasable, defined({ trustTags, trustGroups, only, groups, close }));
  const request: ReleaseRequest = {
    by: { who: whoAsks(), ...defined({ reason }) },
    autoScaling: close === true ? 'leave' : await decideGroup(releasable, options),
    ...defined({ only, groups, close }),
  };
  const plan = planRelease(releasable.knowledge, releasable.existing, request);
  if (options.quiet !== true && options.json !== true) {
    tell(
      close === true
        ? `The case of ${subject.instanceId} is closed as it stands; this is not given back:`
        : `To be given back of ${subject.instanceId}, in this order:`,
    );
    for (const line of planLines(plan)) tell(line);
  }
  if (options.dryRun === true) {
    show(rehearseRelease(releasable, plan, request), options);
    return exitCodes.done;
  }
  await confirm(releasable, options);
  const result = await giveBack(deps, releasable, plan, request, options);
  if (options.clean === true) {
    // A stack that could not be read may be there, and its groups may be what the next cut needs.
    await sayWhatIsCleaned(deps, releasable, result, !(await deps.stackIsAbsent));
  }
  show(result, options);
  return codeOf(result);
};

/** `cordon release <case | instance>` */
export const addReleaseCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
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
        .option('--clean', 'afterwards delete the groups of Cordon that nothing uses')
        .option('--close', 'end the case as it stands, and give nothing back; needs --reason')
        .addOption(
          new Option('--asg <what>', 'what becomes of its place in the Auto Scaling group').choices(
            ['attach', 'leave'],
          ),
        )
        .option('--groups <eni=sg,…>', 'the groups that an interface gets instead', groupsIn)
        .option('--trust-tags', 'believe tags of which nothing shows whose they are')
        .option('--trust-groups', 'give groups back whose rules were changed since'),
    ),
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
