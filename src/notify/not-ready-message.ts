import { command } from '../case/command.ts';
import { quoted } from '../case/quoted.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';

/** A VPC whose isolation groups could not be made ready, and why. */
export interface NotReady {
  readonly vpcId: string;
  readonly error: string;
}

/** The most VPCs that are named; the log has all of them. */
const shown = 10;

/** What people and programs are told of VPCs in which a cut would have to make its groups first. */
export const notReadyMessage = (vpcs: readonly NotReady[], region: string): Message => {
  const subject = `NOT READY: ${vpcs.length === 1 ? '1 VPC has' : `${vpcs.length} VPCs have`} no isolation groups`;
  const again = command(['cordon', 'prepare', '--region', region]);
  const text = [
    `${subject}.`,
    `Nothing burns: a containment there is slower, or fails. Mend what stands below, then: ${again}`,
    `Region ${region}`,
    '',
    ...vpcs.slice(0, shown).map(({ vpcId, error }) => `  ${vpcId}: ${quoted(error)}`),
    ...(vpcs.length > shown ? [`  … and ${vpcs.length - shown} more; the log has them.`] : []),
    '',
    `${subject}.`,
  ].join('\n');
  const json = JSON.stringify({ status: 'not-ready', region, vpcs: vpcs.slice(0, shown) });
  return {
    Subject: `[Cordon] ${subject}`,
    MessageStructure: 'json',
    MessageAttributes: attributesOf({ status: 'not-ready', region }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon ${subject} (${region}).`.slice(0, 140),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
