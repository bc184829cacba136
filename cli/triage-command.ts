import type { Command } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';
import { parseJson, readJsonFile } from '../src/event-file.ts';
import { variables } from '../src/settings/setting-variables.ts';
import type { Settings } from '../src/settings/settings.ts';
import { readSettings } from '../src/settings/settings.ts';
import { isAwsEvent } from '../src/triggers/aws-event.ts';
import type { Triage } from '../src/triggers/triage.ts';
import { triage } from '../src/triggers/triage.ts';
import { exitCodes } from './exit-code.ts';
import { print, tell } from './output.ts';

interface Options {
  readonly setting: readonly string[];
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

interface Chosen {
  readonly settings: Settings;
  /** Where nobody chose a mode, the decision is the one under `contain`, and says so. */
  readonly modeIsOpen: boolean;
}

/** The settings of the shell, and over them those of the options. */
const chosenSettings = (texts: readonly string[]): Chosen => {
  const ofShell = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const environment = Object.fromEntries([...ofShell, ...texts.map(settingOf)]);
  const { settings } = readSettings({ ...environment, AWS_SAM_LOCAL: 'true' });
  return { settings, modeIsOpen: (environment.MODE ?? '').trim() === '' };
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

/** `cordon triage <event.json | ->` */
export const addTriageCommand = (program: Command, onExitCode: (code: number) => void): void => {
  program
    .command('triage')
    .description('Say what an event would lead to, and why. Nothing is called and nothing changed.')
    .argument('<event.json | ->', 'a file with an event or a finding of AWS, or standard input')
    .option(
      '--setting <NAME=value>',
      'a setting of the template, instead of the shell’s; can be repeated',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .action(async (subject: string, options: Options) => {
      await decideOn(subject, options);
      onExitCode(exitCodes.done);
    });
};
