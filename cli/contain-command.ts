import type { Command } from 'commander';
import { Option } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import type { Note } from '../src/aws/current-journal.ts';
import { regionNamedBy } from '../src/aws/region.ts';
import { interruptedSteps } from '../src/case/interrupted.ts';
import { isolationProfiles } from '../src/case/isolation-profile.ts';
import type { CaseReport } from '../src/case/report.ts';
import type { ContainResult } from '../src/contain-event.ts';
import { containEvent } from '../src/contain-event.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { textOf } from '../src/notify/text.ts';
import { verdictLine } from '../src/notify/verdict-line.ts';
import { keepRun } from '../src/record/outbox/keep-run.ts';
import type { SettingsReading } from '../src/settings/settings.ts';
import { parseEvent } from '../src/triggers/parse-event.ts';
import { sayHowItStands } from './abandon.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import type { Wishes } from './containment-event.ts';
import { containmentEvent } from './containment-event.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { memoryFirstOf } from './memory-first.ts';
import { namedOrFile } from './named-or-file.ts';
import { print, say, tell } from './output.ts';
import { personJournal } from './person-journal.ts';
import { progress } from './progress.ts';
import { regionFor } from './region.ts';
import { stackLock } from './stack-lock.ts';
import { stackWitnesses } from './stack-witnesses.ts';
import { stopOnSignals } from './stop-signals.ts';
import { refuseSwallowedOptions } from './swallowed-options.ts';

interface Options extends CommonOptions, StackOption, Wishes {
  readonly yes?: true;
  readonly memoryFirst?: true;
}

/** A dry run asked for at the keyboard holds for findings too, and tells nobody. */
const settingsFor = ({ dryRun }: Options): SettingsReading => {
  const reading = settingsOfShell();
  if (dryRun !== true) return reading;
  return {
    ...reading,
    settings: { ...reading.settings, mode: 'observe', notificationTopicArn: '' },
  };
};

const isOpen = ({ status }: CaseReport): boolean => status === 'failed' || status === 'asked';

/** What stands in nobody's mailbox is said here first: nobody may overlook an open instance. */
const warn = ({ cases }: ContainResult): void => {
  for (const report of cases) if (isOpen(report)) tell(verdictLine(report));
};

const show = (result: ContainResult, { json, quiet }: Options): void => {
  if (json === true) {
    print(JSON.stringify(result, null, 2));
    return;
  }
  for (const report of result.cases) say(quiet === true ? verdictLine(report) : textOf(report));
  for (const { reason } of result.skipped ?? []) say(reason);
};

const misnamed = ({ cases: [report, ...others] }: ContainResult): string | undefined => {
  const described = report?.steps.find(({ step }) => step === 'describe');
  return others.length === 0 && described?.error?.code === 'InstanceNotFoundError'
    ? described.error.message
    : undefined;
};

const codeOf = ({ cases }: ContainResult): number => {
  const code = exitCodeOf(cases);
  const cutShort = cases.some((report) => interruptedSteps(report).length > 0);
  return cutShort && code !== exitCodes.notIsolated ? exitCodes.abandoned : code;
};

const contain = async (text: string, options: Options): Promise<number> => {
  refuseSwallowedOptions('contain', options);
  useProfile(options.profile);
  const subject = await namedOrFile(text, options, options.dryRun !== true);
  const event = containmentEvent(subject, options);
  const instances = parseEvent(event, systemClock.now()).flatMap((request) => request.instances);
  // The option, the event, the shell, the profile: the first that names a Region.
  const region = await regionFor(options.region ?? regionNamedBy(event) ?? instances[0]?.region);
  const settings = settingsFor(options);
  const connected = await connect(makeRunbookClients, region, settings.settings, options);
  const witnesses = stackWitnesses(connected, region, options.stack);
  const keeping = personJournal(connected, region, witnesses);
  const deps = {
    ...connected,
    ...witnesses,
    lock: stackLock(connected, region, witnesses),
    keepRun: (report: CaseReport, notes: readonly Note[]) => keepRun(keeping, report, notes),
  };
  const { stop, release } = stopOnSignals(async () => {
    const ids = instances.map(({ instanceId }) => instanceId);
    process.exit(await sayHowItStands(deps, ids, region));
  });
  const first =
    options.memoryFirst === true ? await memoryFirstOf(connected, witnesses, region, stop) : {};
  const watcher = progress(options.json === true || options.quiet === true);
  const result = await containEvent({ ...deps, ...first }, settings, { region }, event, {
    watcher,
    stop,
  });
  release();
  const mistake = misnamed(result);
  if (mistake !== undefined) {
    tell(mistake);
    return exitCodes.usage;
  }
  warn(result);
  if (options.json !== true && options.quiet !== true) {
    const withoutStack = await deps.withoutStack;
    if (withoutStack !== undefined) tell(withoutStack);
    tell(`Log: ${deps.log.path() ?? 'none'}`);
  }
  show(result, options);
  return codeOf(result);
};

/** `cordon contain <instance | event.json>` */
export const addContainCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withCommonOptions(
      program
        .command('contain')
        .description('Contain an instance now, from this shell, with its AWS credentials.')
        .argument(
          '<instance | event.json>',
          'an instance by its id, name or private address, or a file with a trigger event',
        )
        .option('--dry-run', 'change nothing; say of every call whether it would be allowed')
        .option('--reason <text>', 'why, for the trail')
        .option('--memory-first', 'save memory before the cut, where the stack allows it')
        .option('--yes', 'ask nothing; an instance named by its name is asked about')
        .addOption(
          new Option(
            '--isolation <profile>',
            'the isolation profile, instead of the setting',
          ).choices(isolationProfiles),
        ),
    ),
  ).action(async (subject: string, options: Options) => {
    onExitCode(await contain(subject, options));
  });
};
