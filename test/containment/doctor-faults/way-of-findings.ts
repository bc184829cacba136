import {
  DisableRuleCommand,
  EnableRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Healthy } from '../doctor-scene.ts';
import type { Fault } from './fault.ts';

const detector = async ({ more }: Healthy): Promise<string> => {
  const { DetectorIds = [] } = await more.guardDuty.send(new ListDetectorsCommand({}));
  return DetectorIds[0] ?? '';
};

const start = ({ more }: Healthy) =>
  more.ssm.send(new DeleteParameterCommand({ Name: '/cordon/cordon/stop' }));

/** What keeps a finding from becoming a case. */
export const wayOfFindings: readonly Fault[] = [
  {
    name: 'the rule of the findings is disabled',
    plant: ({ more, idOf }) =>
      more.events.send(new DisableRuleCommand({ Name: idOf('TriggerRule') })),
    mend: ({ more, idOf }) =>
      more.events.send(new EnableRuleCommand({ Name: idOf('TriggerRule') })),
    found: { check: 'trigger', state: 'FAIL', says: /^the rule of the findings is DISABLED/ },
  },
  {
    name: 'the rule of the findings leads nowhere',
    plant: ({ more, idOf }) =>
      more.events.send(new RemoveTargetsCommand({ Rule: idOf('TriggerRule'), Ids: ['Intake'] })),
    mend: ({ emulator, more, idOf }) =>
      more.events.send(
        new PutTargetsCommand({
          Rule: idOf('TriggerRule'),
          Targets: [
            {
              Id: 'Intake',
              Arn: `arn:aws:lambda:${emulator.region}:${emulator.accountId}:function:${idOf('IntakeFunction')}`,
            },
          ],
        }),
      ),
    found: { check: 'trigger', state: 'FAIL', says: /does not lead to Cordon$/ },
  },
  {
    name: 'everything automatic is stopped',
    plant: ({ more }) =>
      more.ssm.send(
        new PutParameterCommand({
          Name: '/cordon/cordon/stop',
          Type: 'String',
          Value: JSON.stringify({
            until: new Date(Date.now() + 3_600_000).toISOString(),
            who: 'sam',
            reason: 'false\u202ealarms"\n',
          }),
        }),
      ),
    mend: start,
    found: { check: 'switch', state: 'FAIL', says: /^"sam" stopped everything.*"false alarms'"$/ },
  },
  {
    name: 'the switch holds what Cordon has not written',
    plant: ({ more }) =>
      more.ssm.send(
        new PutParameterCommand({ Name: '/cordon/cordon/stop', Type: 'String', Value: 'on' }),
      ),
    mend: start,
    found: { check: 'switch', state: 'warn', says: /is unreadable/ },
  },
  {
    name: 'GuardDuty is off',
    plant: async (account) =>
      account.more.guardDuty.send(
        new DeleteDetectorCommand({ DetectorId: await detector(account) }),
      ),
    mend: ({ more }) => more.guardDuty.send(new CreateDetectorCommand({ Enable: true })),
    found: { check: 'guardduty', state: 'FAIL', says: /^GuardDuty is off in us-east-1$/ },
  },
  {
    name: 'GuardDuty is suspended',
    plant: async (account) =>
      account.more.guardDuty.send(
        new UpdateDetectorCommand({ DetectorId: await detector(account), Enable: false }),
      ),
    mend: async (account) =>
      account.more.guardDuty.send(
        new UpdateDetectorCommand({ DetectorId: await detector(account), Enable: true }),
      ),
    found: { check: 'guardduty', state: 'FAIL', says: /^GuardDuty is suspended/ },
  },
  {
    name: 'the heartbeat is missing since yesterday',
    arrivals: { heartbeat: 30 },
    found: { check: 'heartbeat', state: 'FAIL', says: /^the last one arrived 3\d h ago/ },
  },
  {
    name: 'no heartbeat has arrived yet',
    arrivals: { heartbeat: null },
    found: { check: 'heartbeat', state: 'warn', says: /^none has arrived yet/ },
  },
  {
    name: 'samples of GuardDuty have stopped to arrive',
    arrivals: { sample: 9 * 24 },
    found: { check: 'sample', state: 'FAIL', says: /^the last sample .* arrived 9 days ago$/ },
  },
  {
    name: 'no sample of GuardDuty is made',
    options: { before: async () => ({ GuardDutyDetectorId: '' }) },
    found: { check: 'sample', state: 'warn', says: /^no sample finding .* has shown/ },
  },
  {
    name: 'an event became no case',
    plant: ({ clients, stage }) =>
      clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: stage.deployed.outputs.DeadLetterQueueUrl,
          MessageBody: '{}',
        }),
      ),
    mend: ({ clients, stage }) =>
      clients.sqs.send(
        new PurgeQueueCommand({ QueueUrl: stage.deployed.outputs.DeadLetterQueueUrl }),
      ),
    found: { check: 'queue', state: 'FAIL', says: /^1 event became no case/ },
  },
  {
    name: 'the stack only observes',
    options: { parameters: { Mode: 'observe' } },
    found: { check: 'stack', state: 'warn', says: /Mode=observe: it contains nothing$/ },
  },
];
