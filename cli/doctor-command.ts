import type { Command } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError, isCredentialTrouble } from '../src/aws/errors.ts';
import { instanceIdPattern } from '../src/case/case.ts';
import { defined } from '../src/case/defined.ts';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';
import { makeDoctorClients } from '../src/doctor/clients.ts';
import { beginExamination } from '../src/doctor/examination.ts';
import type { Line } from '../src/doctor/examine.ts';
import { examine } from '../src/doctor/examine.ts';
import { checks } from '../src/doctor/index.ts';
import { doctorText, doctorVerdict } from '../src/doctor/text.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { requireCredentials } from './credentials.ts';
import { exitCodes } from './exit-code.ts';
import { fileLog, logNameAt } from './file-log.ts';
import { print, tell } from './output.ts';
import { regionFor } from './region.ts';

interface Options extends CommonOptions, StackOption {
  readonly instance?: string;
}

const isReady = (lines: readonly Line[]): boolean => lines.every(({ state }) => state !== 'FAIL');

const shown = (lines: readonly Line[], region: string, options: Options): string => {
  const { stack, instance, json, quiet } = options;
  if (json === true) {
    const about = { region, stack, ...defined({ instanceId: instance }) };
    return JSON.stringify({ ready: isReady(lines), ...about, checks: lines }, null, 2);
  }
  return quiet === true ? doctorVerdict(lines) : doctorText(lines);
};

const expectInstanceId = (text: string | undefined): void => {
  if (text === undefined || instanceIdPattern.test(text)) return;
  throw new UnintelligibleEventError(
    `--instance ${quoted(text, 80)} is no instance id; accepted is i- and 8 or 17 hexadecimal digits.`,
  );
};

const doctor = async (options: Options): Promise<number> => {
  expectInstanceId(options.instance);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const log = fileLog(options.log ?? logNameAt(systemClock.now()), tell);
  const clients = makeDoctorClients(log, region);
  await requireCredentials(clients.sts);
  const examination = beginExamination({
    clients,
    clock: systemClock,
    log,
    region,
    stackName: options.stack,
    ...defined({ instanceId: options.instance }),
  });
  await examination.caller.catch((error: unknown) => {
    // Whatever else it is, the line of the identity says it.
    if (isCredentialTrouble(error)) throw asCordonError(error, 'Asking AWS who you are');
  });
  const lines = await examine(examination, checks);
  print(shown(lines, region, options));
  return isReady(lines) ? exitCodes.done : exitCodes.person;
};

/** `cordon doctor` */
export const addDoctorCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withCommonOptions(
      program
        .command('doctor')
        .description('Say whether Cordon would work tonight, and what to mend; nothing is changed.')
        .option('--instance <id>', 'an instance whose containment is rehearsed as well'),
    ),
  ).action(async (options: Options) => {
    onExitCode(await doctor(options));
  });
};
