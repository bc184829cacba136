import type { Command } from 'commander';
import { answerQuestion } from '../src/asking/answer-question.ts';
import type { Answer } from '../src/asking/send-answer.ts';
import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import { systemClock } from '../src/aws/clock.ts';
import { readStack } from '../src/aws/stack.ts';
import { defined } from '../src/case/defined.ts';
import { CordonError, InvalidSettingsError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';
import type { CaseItem } from '../src/record/case-table/case-item.ts';
import { findItem } from '../src/record/case-table/question-item.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { requireCredentials } from './credentials.ts';
import { exitCodes } from './exit-code.ts';
import { fileLog, logNameAt } from './file-log.ts';
import { findSubject } from './find-subject.ts';
import { isInputError } from './input-errors.ts';
import { noteDecision } from './note-decision.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';
import { requireSubject } from './subject.ts';
import { whoAsks } from './switch-command.ts';

/** What `cordon approve` and `cordon refuse` have in common. */
export interface AnswerOptions extends CommonOptions, StackOption {
  readonly reason?: string;
}

const inWords = ({ answer, by, reason }: Answer): string =>
  `${answer === 'approve' ? 'Approved' : 'Refused'} by ${quoted(by, 80)}${reason === undefined ? '.' : `: ${quoted(reason, 300)}`}`;

const connectTo = async (region: string, options: AnswerOptions) => {
  const log = fileLog(options.log ?? logNameAt(systemClock.now()), tell);
  const clients = {
    dynamoDb: makeDynamoDbClient(log, region),
    stepFunctions: makeStepFunctionsClient(log, region),
    cloudFormation: makeCloudFormationClient(log, region),
  };
  await requireCredentials(clients.dynamoDb);
  const { CaseTableName: tableName = '' } = await readStack({ clients }, options.stack);
  if (tableName === '') {
    throw new InvalidSettingsError(
      `The stack "${options.stack}" in ${region} asks nobody: it has no output CaseTableName.`,
    );
  }
  return { clients, tableName, log };
};

/** Clients of the stack's Region, and the name of its case table. */
export type Connected = Awaited<ReturnType<typeof connectTo>>;

/** How often a case is looked at, in milliseconds. */
const between = 1_000;

/** Looks until the table says that the case is so far, for so many milliseconds; how it stands then. */
export const followCase = async (
  { clients, tableName }: Connected,
  { caseId, instanceId }: CaseItem,
  isSoFar: (status: string) => boolean,
  longest: number,
): Promise<string> => {
  const until = systemClock.now().getTime() + longest;
  let status = 'unknown';
  while (systemClock.now().getTime() < until) {
    const item = await findItem({ dynamoDb: clients.dynamoDb, tableName }, instanceId);
    if (item !== undefined && item.caseId === caseId) {
      status = item.status;
      if (isSoFar(status)) return status;
    }
    await systemClock.sleep(between);
  }
  return status;
};

/** What became of the case, for the person and for programs. */
export interface Answered {
  readonly words: string;
  readonly status: string;
  readonly code: number;
}

/**
 * Answers the question about a case or an instance, and says what became of it.
 *
 * @throws errors that are the person's to mend; nothing was answered then.
 */
export const answerWith = async (
  answer: Answer['answer'],
  text: string,
  options: AnswerOptions,
  afterwards: (deps: Connected, item: CaseItem, region: string) => Promise<Answered>,
): Promise<number> => {
  requireSubject(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const deps = await connectTo(region, options);
  const subject = await findSubject(text, { region, log: deps.log, changes: true });
  const said: Answer = { answer, by: whoAsks(), ...defined({ reason: options.reason }) };
  try {
    const item = await answerQuestion(deps, subject, said);
    await noteDecision(deps.log, region, deps.tableName, {
      ...item,
      ...{ outcome: answer, sentence: inWords(said), detail: said },
    });
    const { words, status, code } = await afterwards(deps, item, region);
    const { instanceId, caseId } = item;
    if (options.json === true) print(JSON.stringify({ answer, instanceId, caseId, status }));
    else say(words);
    return code;
  } catch (error) {
    if (!(error instanceof CordonError) || isInputError(error)) throw error;
    tell(`NOT ANSWERED: ${error.message}`);
    return exitCodes.person;
  }
};

/** A command about a question: the argument, and the options that both have. */
export const withAnswerOptions = (command: Command): Command =>
  withStackOption(
    withCommonOptions(
      command.argument('<case | instance>', 'the case id of the question, or the instance id'),
    ),
  );
