import type { Command } from 'commander';
import { asCordonError } from '../src/aws/errors.ts';
import { defined } from '../src/case/defined.ts';
import type { VerifiedCase } from '../src/case/verdict.ts';
import { makeVerifyClients } from '../src/lambda/verify-clients.ts';
import { proofTextOf, verdictLine } from '../src/notify/proof-text.ts';
import { verifyCase } from '../src/verify-case.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { exitCodeOfVerification } from './exit-code.ts';
import { findSubject } from './find-subject.ts';
import { print, say } from './output.ts';
import { regionFor } from './region.ts';
import { stackWitnesses } from './stack-witnesses.ts';
import { requireSubject } from './subject.ts';

/** What a verification has of a case report; the rest has not happened now. */
const answerOf = ({ instanceId, accountId, region, ...report }: VerifiedCase) => ({
  verdict: report.verdict,
  ...defined({ caseId: report.knownCaseId }),
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

const show = (report: VerifiedCase, { json, quiet }: CommonOptions): void => {
  if (json === true) print(JSON.stringify(answerOf(report), null, 2));
  else say(quiet === true ? verdictLine(report) : proofTextOf(report));
};

const verify = async (text: string, options: CommonOptions & StackOption): Promise<number> => {
  requireSubject(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const { settings } = settingsOfShell();
  const connected = await connect(makeVerifyClients, region, settings, options);
  const deps = { ...connected, ...stackWitnesses(connected, region, options.stack) };
  const subject = await findSubject(text, { region, log: connected.log, changes: false });
  const report = await verifyCase(deps, subject, region).catch((error: unknown) => {
    throw asCordonError(
      error,
      `${subject.instanceId} is not known to be isolated: reading it back`,
    );
  });
  show(report, options);
  return exitCodeOfVerification(report);
};

/** `cordon verify <case | instance>` */
export const addVerifyCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withCommonOptions(
      program
        .command('verify')
        .description('Read an instance back from AWS, and say how it stands; nothing is changed.')
        .argument('<case | instance>', 'a case id, or an instance id'),
    ),
  ).action(async (subject: string, options: CommonOptions & StackOption) => {
    onExitCode(await verify(subject, options));
  });
};
