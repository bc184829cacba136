import type { Command } from 'commander';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { readSettings } from '../src/aws/settings.ts';
import { caseInstanceOf, instanceIdPattern } from '../src/case/case.ts';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import type { CaseReport } from '../src/case/report.ts';
import { makeVerifyClients } from '../src/lambda/verify-clients.ts';
import { proofTextOf } from '../src/notify/proof-text.ts';
import { verifyCase } from '../src/verify-case.ts';
import { exitCodes } from './exit-code.ts';
import { fileLog } from './file-log.ts';
import { regionFor } from './region.ts';

interface Options {
  readonly json?: true;
  readonly region?: string;
  readonly log?: string;
}

const subjectOf = (text: string): { instanceId: string; caseId?: string } => {
  if (instanceIdPattern.test(text)) return { instanceId: text };
  const instanceId = caseInstanceOf(text);
  if (instanceId !== undefined) return { instanceId, caseId: text };
  throw new UnintelligibleEventError(
    `"${text}" is neither a case id (20261120T0300Z-i-…) nor an instance id (i- and 8 or 17 hexadecimal digits).`,
  );
};

/** What the report of a verification has of a case report's; the rest has not happened now. */
const answerOf = ({ caseId, instanceId, accountId, region, ...report }: CaseReport) => ({
  caseId,
  instanceId,
  accountId,
  region,
  status: report.status,
  reason: report.reason,
  cut: report.cut,
  verifiedAt: report.finishedAt,
  proof: report.proof,
  residualRisks: report.residualRisks,
  undo: report.undo,
});

const verify = async (text: string, options: Options): Promise<number> => {
  const subject = subjectOf(text);
  const region = await regionFor(options.region);
  const { settings } = readSettings({ ...process.env, AWS_SAM_LOCAL: 'true' });
  const stamp = systemClock.now().toISOString().replaceAll(/[:.]/g, '-');
  const log = fileLog(options.log ?? `cordon-${stamp}.log`);
  const deps = { clients: makeVerifyClients(log, region), clock: systemClock, log, settings };
  const report = await verifyCase(deps, subject, region).catch((error: unknown) => {
    throw asCordonError(error, 'Verifying');
  });
  console.log(
    options.json === true ? JSON.stringify(answerOf(report), null, 2) : proofTextOf(report),
  );
  const open = report.proof.filter(({ required, holds }) => required && holds !== true);
  return open.length === 0 && report.proof.length > 0 ? exitCodes.done : exitCodes.failed;
};

/** `cordon verify <case | instance>` */
export const addVerifyCommand = (program: Command, onExitCode: (code: number) => void): void => {
  program
    .command('verify')
    .description('Read a contained instance back from AWS; nothing is changed.')
    .argument('<case | instance>', 'a case id, or an instance id')
    .option('--json', 'the proof on standard output as JSON, and nothing else')
    .option('--region <region>', 'the Region of the instance')
    .option('--log <file>', 'where the log goes (default: cordon-<time>.log)')
    .action(async (subject: string, options: Options) => {
      onExitCode(await verify(subject, options));
    });
};
