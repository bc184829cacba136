import { controlNames, controlOf } from './control.ts';
import type { Cut } from './cut.ts';
import type { IsolationDetail, VerifyDetail } from './details.ts';
import type { EndedQuestion } from './question.ts';
import { quoted } from './quoted.ts';
import type { StepEntry } from './step.ts';

export type Status =
  | 'running'
  | 'contained'
  | 'partial'
  | 'failed'
  | 'planned'
  | 'skipped'
  | 'joined'
  | 'asked'
  | 'refused'
  | 'released'
  | 'closed'
  | 'release-incomplete';

export interface Judgement {
  readonly status: Status;
  /** One sentence. */
  readonly reason: string;
  readonly cut: Cut;
  readonly isolated: boolean;
  /** When verify saw the isolation, ISO 8601. */
  readonly seenIsolatedAt?: string;
}

export interface Evidence {
  readonly dryRun: boolean;
  readonly skip: string | undefined;
  /** True where a person is asked instead of being told. */
  readonly asks?: boolean;
  /** Present where a person said that the instance is not cut off. */
  readonly refusal?: EndedQuestion;
  readonly finished: boolean;
  readonly steps: readonly StepEntry[];
  readonly isolation: IsolationDetail | undefined;
  readonly verification: VerifyDetail | undefined;
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const isFailedCut = ({ step, outcome }: StepEntry): boolean =>
  step === 'isolate-network' && outcome === 'failed';

const failureOf = (steps: readonly StepEntry[]): string | undefined => {
  // A failed prepare is the cause of a failed cut, because an interface needs a group; so it is named first.
  const failed =
    steps.find((entry) => entry.step === 'prepare-isolation' && entry.outcome === 'failed') ??
    steps.findLast(isFailedCut) ??
    steps.find((entry) => entry.outcome === 'failed');
  return failed?.error === undefined
    ? undefined
    : sentence(
        failed.error.message.startsWith('The step ')
          ? failed.error.message
          : `${failed.step} failed: ${failed.error.message}`,
      );
};

/**
 * Whether the network is cut: by what verify read; where verify has not read, by what the
 * isolating step read back itself. A group with open rules isolates nothing.
 */
const isolationSeen = ({ isolation, verification }: Evidence): boolean => {
  if (verification === undefined) return isolation !== undefined;
  const groups = controlOf(verification.proof, 'eni-groups')?.holds;
  const rules = controlOf(verification.proof, 'group-rules')?.holds;
  if (groups === false || rules === false) return false;
  return groups === true || isolation !== undefined;
};

const reasonForPartial = (verification: VerifyDetail | undefined, cut: Cut): string => {
  if (verification === undefined) {
    return 'Every network interface is isolated, but verify failed, so the rest is unproven.';
  }
  const open = verification.proof.filter((one) => one.required && one.holds !== true);
  if (open.length > 0) {
    return `Every network interface is isolated, but not everything holds: ${open.map((one) => `${one.control} (${one.observed})`).join('; ')}.`;
  }
  return cut === 'complete'
    ? 'Every network interface is isolated, but the proof is incomplete.'
    : 'Every network interface is isolated, but connections that were open before may live on.';
};

const judgeIsolated = (evidence: Evidence): Judgement => {
  const { isolation, verification } = evidence;
  const cut = verification?.cut ?? isolation?.cut ?? 'new-flows-only';
  const seenIsolatedAt =
    verification === undefined ? undefined : controlOf(verification.proof, 'eni-groups')?.readAt;
  const seen = seenIsolatedAt === undefined ? {} : { seenIsolatedAt };
  if (!evidence.finished) {
    const reason = 'Every network interface is isolated; proof and evidence are under way.';
    return { status: 'running', reason, cut, isolated: true, ...seen };
  }
  const proven =
    verification !== undefined &&
    controlNames.every((name) => controlOf(verification.proof, name) !== undefined) &&
    verification.proof.every((one) => !one.required || one.holds === true);
  return proven && cut === 'complete'
    ? {
        status: 'contained',
        reason: 'Every network interface is isolated and every required control holds.',
        cut,
        isolated: true,
        ...seen,
      }
    : {
        status: 'partial',
        reason: reasonForPartial(verification, cut),
        cut,
        isolated: true,
        ...seen,
      };
};

const judgeRefused = ({ by = '', reason = '' }: EndedQuestion): Judgement => {
  const because = reason === '' ? '' : `: ${quoted(reason, 300)}`;
  return {
    status: 'refused',
    reason: `The containment was refused by ${by === '' ? 'somebody' : quoted(by, 200)}${because}.`,
    cut: 'none',
    isolated: false,
  };
};

/** The status of a case from its steps and its proof; never better than what was read. */
export const judge = (evidence: Evidence): Judgement => {
  if (evidence.refusal !== undefined) return judgeRefused(evidence.refusal);
  // A question that nobody heard may have been followed by a cut: then the cut is what counts.
  const wasCut =
    evidence.asks === true && evidence.steps.some(({ step }) => step === 'isolate-network');
  if (evidence.skip !== undefined && !wasCut) {
    const reason = sentence(evidence.skip);
    const status = evidence.asks ? 'asked' : 'skipped';
    return { status, reason, cut: 'none', isolated: false };
  }
  const failure = failureOf(evidence.steps);
  const described = evidence.steps.some(
    (entry) => entry.step === 'describe' && entry.outcome !== 'failed',
  );
  if (evidence.dryRun && described) {
    const reason = 'A dry run: nothing was changed.';
    return { status: 'planned', reason, cut: 'none', isolated: false };
  }
  if (isolationSeen(evidence)) return judgeIsolated(evidence);
  // A cut that could not be made is told at once, while the rest of the runbook goes on.
  const known = evidence.finished || evidence.steps.some(isFailedCut);
  const question = evidence.steps.find(({ error }) => error?.code === 'IsolationQuotaError');
  if (question?.error !== undefined && known) {
    const reason = sentence(question.error.message);
    return { status: 'asked', reason, cut: 'none', isolated: false };
  }
  const open =
    evidence.verification?.proof.filter(
      (one) =>
        (one.control === 'eni-groups' || one.control === 'group-rules') && one.holds !== true,
    ) ?? [];
  const seen = open.map((one) => one.observed).join('; ');
  const seenOpen = open.some((one) => one.holds === false) && evidence.isolation !== undefined;
  return {
    status: known ? 'failed' : 'running',
    reason:
      (seenOpen ? undefined : failure) ??
      `The instance is not isolated: ${seen || 'nothing could be read back'}.`,
    cut: 'none',
    isolated: false,
  };
};
