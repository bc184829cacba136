import type { EC2Client } from '@aws-sdk/client-ec2';
import { systemClock } from '../src/aws/clock.ts';
import type { Log } from '../src/aws/log.ts';
import { localJournal } from '../src/record/journal/local-journal.ts';
import type { Settings, SettingsReading } from '../src/settings/settings.ts';
import { readSettings } from '../src/settings/settings.ts';
import type { CommonOptions } from './common-options.ts';
import { requireCredentials } from './credentials.ts';
import type { FileLog } from './file-log.ts';
import { fileLog, logNameAt } from './file-log.ts';
import { tell } from './output.ts';

/** A command runs beside a person, as `sam local invoke` does, and keeps a journal likewise. */
const shell = (): NodeJS.ProcessEnv => ({ ...process.env, AWS_SAM_LOCAL: 'true' });

/** The settings that this shell names, and what could not be understood of them. */
export const settingsOfShell = (): SettingsReading => readSettings(shell());

/**
 * What a command works with: a log in a file, clients, time and this machine's journal.
 *
 * @param make makes the clients that the command needs.
 * @throws CredentialsMissingError when the SDK finds no credentials.
 */
export const connect = async <Clients extends { readonly ec2: EC2Client }>(
  make: (log: Log, region: string) => Clients,
  region: string,
  settings: Settings,
  options: CommonOptions,
) => {
  const log: FileLog = fileLog(options.log ?? logNameAt(systemClock.now()), tell);
  const clients = make(log, region);
  await requireCredentials(clients.ec2);
  return { clients, clock: systemClock, log, settings, ...localJournal(shell()) };
};
