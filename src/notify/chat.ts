import { quoted } from '../case/quoted.ts';
import type { CaseReport } from '../case/report.ts';
import { beginningOf } from '../case/report-size.ts';
import { isOpenNow } from './act-now.ts';
import { chatText } from './chat-text.ts';
import { instanceLink } from './console-links.ts';
import { goOnCommands } from './go-on-lines.ts';
import { recordLines } from './record-lines.ts';
import { nameOf } from './step-words.ts';
import { evidenceIsComplete, headline, kindOf, subjectOf } from './subject.ts';

/**
 * The limits of a custom notification of Amazon Q Developer in chat applications, in characters
 * (https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html). What does not keep
 * to its schema is dropped without a word.
 */
const limits = {
  title: 250,
  description: 8_000,
  nextStep: 350,
  keyword: 75,
  nextSteps: 10,
} as const;

const signs = { good: '✅', doubtful: '⚠️', bad: '🚨' } as const;

const signOf = (report: CaseReport): string => {
  if (report.status === 'failed') return signs.bad;
  if (kindOf(report) === 'evidence')
    return evidenceIsComplete(report) ? signs.good : signs.doubtful;
  return report.status === 'contained' ? signs.good : signs.doubtful;
};

const seconds = (report: CaseReport): string =>
  report.secondsToIsolate === undefined ? '' : ` in ${report.secondsToIsolate.toFixed(1)} s`;

const description = (report: CaseReport): string => {
  const failed = report.steps.filter((entry) => entry.outcome === 'failed');
  const open = report.proof.filter((control) => control.required && control.holds !== true);
  return [
    `*${headline(report)}* ${report.instanceId}${seconds(report)}`,
    chatText(report.reason),
    '',
    `${chatText(nameOf(report))}*Account* ${report.accountId}  *Region* ${report.region}  *Case* ${chatText(report.caseId)}`,
    `*Trigger* ${chatText(quoted(report.trigger.type, 120))}, severity ${report.trigger.severity ?? 'none'}`,
    ...(failed.length === 0
      ? []
      : [
          '',
          '*Not done*',
          ...failed.map((one) => `• ${one.step}: ${chatText(one.error?.message ?? '')}`),
        ]),
    ...(open.length === 0
      ? []
      : ['', '*Not proven*', ...open.map((one) => `• ${one.control}: ${chatText(one.observed)}`)]),
    ...(report.residualRisks.length === 0
      ? []
      : ['', `*What remains* ${report.residualRisks.map(({ risk }) => risk).join(', ')}`]),
    '',
    ...recordLines(report),
    instanceLink(report.region, report.instanceId),
  ].join('\n');
};

/** A command that is cut, or loses a sign to the markup, does something else: it stays out. */
const isCommand = (remedy: string): boolean => /(?:^|: )aws /.test(remedy);

const nextSteps = (report: CaseReport): string[] => {
  const steps = [
    ...(isOpenNow(report) ? ['Act now: the e-mail of this case has the commands.'] : []),
    ...goOnCommands(report).map(chatText),
    ...report.residualRisks.map(({ risk, remedy }) =>
      isCommand(remedy) ? `${risk}: the e-mail of this case has the command.` : chatText(remedy),
    ),
  ];
  return [...new Set(steps)]
    .slice(0, limits.nextSteps)
    .map((step) => beginningOf(step, limits.nextStep));
};

/** The case as a message for Slack or Teams; all messages of one case stand in one thread. */
export const chatMessageOf = (report: CaseReport): string =>
  JSON.stringify({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: beginningOf(`${signOf(report)} ${chatText(subjectOf(report))}`, limits.title),
      description: beginningOf(description(report), limits.description),
      nextSteps: nextSteps(report),
      keywords: ['Cordon', report.status, report.instanceId].map((one) =>
        beginningOf(one, limits.keyword),
      ),
    },
    metadata: {
      threadId: report.caseId,
      summary: beginningOf(chatText(subjectOf(report)), limits.title),
      eventType: `cordon-${kindOf(report)}`,
      relatedResources: [report.instanceId],
      additionalContext: { caseId: report.caseId, status: report.status },
      enableCustomActions: true,
    },
  });
