import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { Stop } from '../case/stop-switch.ts';
import { stopIn, stopText } from '../case/stop-switch.ts';
import type { Deps } from './clients.ts';
import { giveUpAfter } from './deadline.ts';
import { codeOf, inWords } from './errors.ts';

export const stopReadPermissions = ['ssm:GetParameter'] as const;

/** A finding waits for the switch no longer than this, in milliseconds. */
const patience = 1_000;

/**
 * Whether everything automatic is stopped. A switch that cannot be read, that is absent or that has
 * ended stops nothing: to leave a compromised host open takes a person who said so.
 *
 * @param parameter the name of the parameter; empty by hand, where nothing is automatic.
 */
export const readStop = async (
  { clients, clock, log }: Deps<'ssm'>,
  parameter: string,
): Promise<Stop | undefined> => {
  if (parameter === '') return undefined;
  try {
    const { Parameter } = await giveUpAfter(clock, patience, () =>
      clients.ssm.send(new GetParameterCommand({ Name: parameter })),
    );
    const now = clock.now();
    const found = stopIn(Parameter?.Value ?? '', Parameter?.LastModifiedDate ?? now, now);
    if (found === 'unreadable')
      log.warn('the stop switch is unreadable: not stopped', { parameter });
    return typeof found === 'string' ? undefined : found;
  } catch (error) {
    if (codeOf(error) !== 'ParameterNotFound') {
      log.warn('the stop switch could not be read: not stopped', {
        parameter,
        error: inWords(error),
      });
    }
    return undefined;
  }
};

/** Stops everything automatic; a stop that stands already is replaced. */
export const writeStop = async (
  { clients }: Pick<Deps<'ssm'>, 'clients'>,
  parameter: string,
  stop: Stop,
): Promise<void> => {
  await clients.ssm.send(
    new PutParameterCommand({
      Name: parameter,
      Description:
        'While this stands, Cordon contains nothing automatically. cordon start ends it.',
      Type: 'String',
      Value: stopText(stop),
      Overwrite: true,
    }),
  );
};

/** Ends a stop. @returns false when there was none. */
export const endStop = async (
  { clients }: Pick<Deps<'ssm'>, 'clients'>,
  parameter: string,
): Promise<boolean> => {
  try {
    await clients.ssm.send(new DeleteParameterCommand({ Name: parameter }));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ParameterNotFound') return false;
    throw error;
  }
};
