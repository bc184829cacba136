import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import { regionNamedBy } from '../src/aws/region.ts';
import { readSettings } from '../src/aws/settings.ts';
import { instanceIdPattern } from '../src/case/case.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../src/case/errors.ts';
import { isolationProfiles } from '../src/case/isolation-profile.ts';
import { containEvent } from '../src/contain-event.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { textOf } from '../src/notify/text.ts';
import { exitCodeOf } from './exit-code.ts';
import { fileLog } from './file-log.ts';
import { showProgress } from './progress.ts';
import { regionFor } from './region.ts';

interface Options {
  readonly json?: true;
  readonly dryRun?: true;
  readonly region?: string;
  readonly reason?: string;
  readonly profile?: string;
  readonly log?: string;
}

const readEvent = (path: string): object => {
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof event === 'object' && event !== null) return event;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UnintelligibleEventError(
      `"${path}" is neither an instance id (i- and 8 or 17 hexadecimal digits) nor a readable JSON file: ${words}`,
    );
  }
  throw new UnintelligibleEventError(`"${path}" holds no JSON object.`);
};

const withDryRun = (event: object): object => {
  if ('instanceId' in event) return { ...event, dryRun: true };
  if ('source' in event && event.source === 'cordon.manual' && 'detail' in event) {
    return { ...event, detail: { ...(event.detail as object), dryRun: true } };
  }
  return event;
};

const eventOf = (subject: string, { dryRun, reason, profile }: Options): object => {
  const requestedBy = process.env.USER ?? process.env.LOGNAME;
  const event = instanceIdPattern.test(subject)
    ? {
        instanceId: subject,
        ...(requestedBy === undefined ? {} : { requestedBy }),
        ...(reason === undefined ? {} : { reason }),
        ...(profile === undefined ? {} : { isolationProfile: profile }),
      }
    : readEvent(subject);
  return dryRun === true ? withDryRun(event) : event;
};

/** A finding says where its instance is. */
const regionOfFinding = (event: object): string | undefined =>
  'detail' in event && 'region' in event && typeof event.region === 'string'
    ? event.region
    : undefined;

/**
 * `npm run cordon contain … --dry-run`, without the `--` in front of the arguments, gives the option
 * to npm and none to Cordon: what was meant as a rehearsal would be the real thing.
 */
const refuseSwallowedOptions = ({ dryRun }: Options): void => {
  if (dryRun === true || process.env.npm_config_dry_run !== 'true') return;
  throw new InvalidSettingsError(
    'npm took --dry-run for itself, and nothing was done; put -- before the arguments: npm run --silent cordon -- contain i-… --dry-run',
  );
};

const contain = async (subject: string, options: Options): Promise<number> => {
  refuseSwallowedOptions(options);
  const event = eventOf(subject, options);
  // The option, the event, the shell, the profile: the first that names a Region.
  const region = await regionFor(options.region ?? regionNamedBy(event) ?? regionOfFinding(event));
  const reading = readSettings({ ...process.env, AWS_SAM_LOCAL: 'true' });
  const settings: typeof reading = {
    ...reading,
    settings: {
      ...reading.settings,
      // A dry run asked for at the keyboard holds for findings too, and tells nobody.
      ...(options.dryRun === true ? { mode: 'observe' as const, notificationTopicArn: '' } : {}),
    },
  };
  const stamp = systemClock.now().toISOString().replaceAll(/[:.]/g, '-');
  const logFile = options.log ?? `cordon-${stamp}.log`;
  const log = fileLog(logFile);
  const clients = makeRunbookClients(log, region);
  const result = await showProgress(
    (watcher) =>
      containEvent({ clients, clock: systemClock, log }, settings, { region }, event, { watcher }),
    options.json === true,
  );
  if (options.json === true) console.log(JSON.stringify(result, null, 2));
  else {
    for (const report of result.cases) console.log(`\n${textOf(report)}\n`);
    for (const { reason } of result.skipped ?? []) console.log(reason);
    console.log(`The log is in ${logFile}`);
  }
  return exitCodeOf(result.cases);
};

/** `cordon contain <instance | event.json>` */
export const addContainCommand = (program: Command, onExitCode: (code: number) => void): void => {
  program
    .command('contain')
    .description('Contain an instance now, from this shell, with its AWS credentials.')
    .argument('<instance | event.json>', 'an instance id, or a file with a trigger event')
    .option('--json', 'the case reports on standard output, and nothing else')
    .option('--dry-run', 'change nothing; say of every call whether it would be allowed')
    .option('--region <region>', 'the Region of the instance')
    .option('--reason <text>', 'why, for the trail')
    .addOption(
      new Option('--profile <profile>', 'the isolation profile, instead of the setting').choices(
        isolationProfiles,
      ),
    )
    .option('--log <file>', 'where the log goes (default: cordon-<time>.log)')
    .action(async (subject: string, options: Options) => {
      onExitCode(await contain(subject, options));
    });
};
