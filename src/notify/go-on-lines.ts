import { isCaseIdOf } from '../case/case.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import type { CaseReport } from '../case/report.ts';
import { collectsEvidence } from './foreseen-lines.ts';

/** A command about the case; about the instance where the report has no case of its own. */
export const caseCommand = (
  verb: 'release' | 'evidence' | 'report',
  report: CaseReport,
): string => {
  const { caseId, instanceId, region } = report;
  return cordonCommand(verb, {
    instanceId: isCaseIdOf(caseId, instanceId) ? caseId : instanceId,
    region,
  });
};

/** The commands that go on with a case that is isolated. They look; the release is only named. */
export const goOnCommands = (report: CaseReport): string[] =>
  report.status !== 'contained' && report.status !== 'partial'
    ? []
    : [
        `Look again at any time: ${cordonCommand('verify', report)}`,
        ...(collectsEvidence(report) ? [`Its evidence: ${caseCommand('evidence', report)}`] : []),
        `False alarm? Give everything back: ${caseCommand('release', report)}`,
      ];

/** What to do once nothing burns, in order. */
export const goOnLines = (report: CaseReport): string[] => {
  const commands = goOnCommands(report);
  if (commands.length === 0) return [];
  const risks = new Set(report.residualRisks.map(({ risk }) => risk));
  const steps = [
    ...(risks.has('role-credentials-valid')
      ? ['Revoke its sessions: the command is below, under role-credentials-valid']
      : []),
    ...(risks.has('replacement-from-same-template')
      ? ['Look at the replacement: below, under replacement-from-same-template']
      : []),
    ...commands,
  ];
  return steps.map((step, at) => `${at + 1}. ${step}`);
};
