import type { Command } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import { instanceIdPattern } from '../src/case/case.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';
import { parseJson, readJsonFile } from '../src/event-file.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { triageTextOf } from '../src/notify/triage-text.ts';
import { variables } from '../src/settings/setting-variables.ts';
import type { Settings, SettingsReading } from '../src/settings/settings.ts';
import { readSettings } from '../src/settings/settings.ts';
import { triageInstance } from '../src/triage-instance.ts';
import { isAwsEvent } from '../src/triggers/aws-event.ts';
import type { Triage } from '../src/triggers/triage.ts';
import { triage } from '../src/triggers/triage.ts';
import type { CommonOptions } from './common-options.ts';
import { useProfile, withCommonOptions } from './common-options.ts';
import { connect } from './connect.ts';
import { exitCodes } from './exit-code.ts';
import { namedOrFile } from './named-or-file.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';

interface Options extends CommonOptions {
  readonly setting?: readonly string[];
}

const names = Object.keys(variables);

/** `MinimumSeverity`, as the template has it, or `MINIMUM_SEVERITY`. */
const variableNamed = (name: string): string | undefined => {
  const variable = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
  return names.find((one) => one === variable);
};

/** @throws InvalidSettingsError for what is no `NAME=value`, or names no setting. */
const settingOf = (text: string): readonly [string, string] => {
  const at = text.indexOf('=');
  const variable = variableNamed(text.slice(0, Math.max(at, 0)));
  if (variable === undefined) {
    throw new InvalidSettingsError(
      `--setting ${quoted(text, 80)} names no setting; accepted is NAME=value, such as MinimumSeverity=4.`,
    );
  }
  return [variable, text.slice(at + 1)];
};

interface Chosen extends SettingsReading {
  /** Where nobody chose a mode, the decision is the one under `contain`, and says so. */
  readonly modeIsOpen: boolean;
}

/** The settings of the shell, and over them those of the options. */
const chosenSettings = (texts: readonly string[] = []): Chosen => {
  const ofShell = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const environment = Object.fromEntries([...ofShell, ...texts.map(settingOf)]);
  const reading = readSettings({ ...environment, AWS_SAM_LOCAL: 'true' });
  return { ...reading, modeIsOpen: (environment.MODE ?? '').trim() === '' };
};

const readStandardInput = async (): Promise<unknown> => {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece));
  return parseJson(Buffer.concat(pieces), 'The standard input');
};

/** An event of AWS that Cordon does not act on names nobody; anything else is a mistake. */
const judge = (event: unknown, settings: Settings): Triage => {
  try {
    return triage(event, settings, systemClock.now());
  } catch (error) {
    if (!(error instanceof UnintelligibleEventError) || !isAwsEvent(event)) throw error;
    return { decisions: [], remarks: [error.message] };
  }
};

const decideOn = async (subject: string, { setting }: Options): Promise<void> => {
  const { settings, modeIsOpen } = chosenSettings(setting);
  const event = subject === '-' ? await readStandardInput() : readJsonFile(subject);
  const { decisions, remarks } = judge(event, settings);
  for (const remark of remarks) tell(remark);
  const remark = modeIsOpen ? ' (MODE is not set: decided as under contain.)' : '';
  print(
    JSON.stringify({
      decisions: decisions.map((one) => ({ ...one, reason: `${one.reason}${remark}` })),
    }),
  );
};

/** What an instance is, and what containing it would change: read from AWS, nothing changed. */
const lookAt = async (instanceId: string, options: Options): Promise<void> => {
  const region = await regionFor(options.region);
  const reading = chosenSettings(options.setting);
  const quiet = { ...reading.settings, notificationTopicArn: '', chatTopicArn: '' };
  const deps = await connect(makeRunbookClients, region, quiet, options);
  const found = await triageInstance(deps, { ...reading, settings: quiet }, instanceId, region);
  if (options.json === true) print(JSON.stringify({ instance: found }));
  else say(triageTextOf(found));
};

const triageOf = async (text: string, options: Options): Promise<void> => {
  if (text === '-') return decideOn(text, options);
  useProfile(options.profile);
  const subject = await namedOrFile(text, options, false);
  return instanceIdPattern.test(subject) ? lookAt(subject, options) : decideOn(subject, options);
};

/** `cordon triage <event.json | - | instance>` */
export const addTriageCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withCommonOptions(
    program
      .command('triage')
      .description(
        'Say what an event would lead to, and why, without a call; or read an instance, and say what containing it would change.',
      ),
  )
    .argument(
      '<event.json | - | instance>',
      'a file with an event or a finding of AWS, standard input, or an instance by its id, name or private address',
    )
    .option(
      '--setting <NAME=value>',
      'a setting of the template, instead of the shell’s; can be repeated',
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .action(async (subject: string, options: Options) => {
      await triageOf(subject, options);
      onExitCode(exitCodes.done);
    });
};
