import { underCase } from '../aws/current-case.ts';
import { inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import type { Decision } from '../triggers/decide.ts';
import { askPerson } from './ask.ts';
import type { IntakeDeps, IntakeSettings } from './intake-result.ts';
import { noteDecision } from './note-decision.ts';
import { takeUp } from './take-up.ts';
import type { TakenUp } from './taking-up.ts';
import { tellLeftOpen } from './tell.ts';

/** What became of an instance that a person is to be asked about. */
type AskedAbout = TakenUp | { readonly kind: 'asked'; readonly reason: string };

/** Nobody can be asked: what the settings say for a question that nobody answers. */
const withoutAnswer = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  decision: Decision,
): Promise<AskedAbout> => {
  if (deps.settings.askDefault === 'contain') {
    const theCase: Case = {
      ...decision.case,
      question: {
        answer: 'unanswered',
        at: deps.clock.now().toISOString(),
        reason: 'Nobody could be asked.',
      },
    };
    return takeUp(deps, settings, theCase);
  }
  await tellLeftOpen(deps, settings, event, decision);
  return { kind: 'asked', reason: decision.reason };
};

/**
 * Has a person asked about one instance. Where no machine waits for answers people are told, and the
 * case stays open; where the machine does not start, what AskDefault says is done at once: an attacker
 * must not win by a question that nobody hears.
 */
const askOrContain = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  decision: Decision,
): Promise<AskedAbout> => {
  const { askStateMachineArn = '', stateMachineArn, caseTable: table } = settings;
  const { case: theCase, reason } = decision;
  if (askStateMachineArn === '') {
    await tellLeftOpen(deps, settings, event, decision);
    return { kind: 'asked', reason };
  }
  try {
    const asking = { deps, stateMachineArn, askStateMachineArn, table };
    const asked = await askPerson(asking, theCase, reason);
    return asked.kind === 'left' ? asked : { kind: 'asked', reason };
  } catch (error) {
    deps.log.error('nobody could be asked', { caseId: theCase.caseId, error: inWords(error) });
    return withoutAnswer(deps, settings, event, decision);
  }
};

/** The same for each instance that people are asked about, each under its own case. */
export const askAbout = (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  decisions: readonly Decision[],
): Promise<readonly PromiseSettledResult<AskedAbout & Pick<Decision, 'case'>>[]> =>
  Promise.allSettled(
    decisions.map(async (decision) => ({
      case: decision.case,
      ...(await underCase(decision.case.caseId, async () => {
        const asked = await askOrContain(deps, settings, event, decision);
        noteDecision(decision, asked, deps.clock.now());
        return asked;
      })),
    })),
  );
