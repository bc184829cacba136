import {
  BatchUpdateFindingsCommand,
  BatchUpdateFindingsV2Command,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import asffEvent from '../../events/security-hub-guardduty-finding.json' with { type: 'json' };
import ocsfEvent from '../../events/security-hub-v2-finding.json' with { type: 'json' };
import { equip } from '../../src/aws/client-configuration.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { noteCase } from '../../src/security-hub/note-case.ts';
import { parseSecurityHubEvent } from '../../src/triggers/security-hub/parse.ts';
import { reportWith } from '../case/sample-report.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const scene = () => {
  const aws = fakeAws();
  const hub = mockClient(SecurityHubClient);
  // Equipped as the function's own, so that it heeds deadlines.
  const securityHub = equip(new SecurityHubClient({ region: 'us-east-1' }), aws.deps.log);
  const note = (report: CaseReport) =>
    noteCase({ securityHub, clock: aws.clock, log: aws.deps.log }, report);
  const triggerOf = (event: unknown) => {
    const [request] = parseSecurityHubEvent(event, aws.clock.now());
    if (request === undefined) throw new Error('The event has no finding');
    return request.trigger;
  };
  return { aws, hub, note, triggerOf };
};

describe('The note in the finding of Security Hub', () => {
  it('names the case and says that somebody was told, in the older format', async () => {
    const { hub, note, triggerOf } = scene();
    hub.on(BatchUpdateFindingsCommand).resolves({ UnprocessedFindings: [] });
    const trigger = triggerOf(asffEvent);
    await note(reportWith({ trigger, status: 'contained', reason: 'r'.repeat(900) }));
    const [call] = hub.commandCalls(BatchUpdateFindingsCommand);
    const [finding] = asffEvent.detail.findings;
    expect(call?.args[0].input).toMatchObject({
      FindingIdentifiers: [{ Id: finding?.Id, ProductArn: finding?.ProductArn }],
      Workflow: { Status: 'NOTIFIED' },
      Note: { UpdatedBy: 'cordon', Text: expect.stringContaining('is contained, case ') },
    });
    expect(call?.args[0].input.Note?.Text?.length).toBeLessThanOrEqual(512);
  });

  it('is recognized as Cordon’s own when the update comes back, so that nothing loops', async () => {
    const { hub, note, triggerOf, aws } = scene();
    hub.on(BatchUpdateFindingsCommand).resolves({});
    await note(reportWith({ trigger: triggerOf(asffEvent), status: 'contained' }));
    const { Note, Workflow } = hub.commandCalls(BatchUpdateFindingsCommand)[0]?.args[0].input ?? {};
    const findings = asffEvent.detail.findings.map((one) => ({ ...one, Note, Workflow }));
    const [back] = parseSecurityHubEvent(
      { ...asffEvent, detail: { ...asffEvent.detail, findings } },
      aws.clock.now(),
    );
    expect(back?.subject.dismissal).toBe('Cordon itself noted its case in the finding.');
  });

  it('is a comment in the newer format, and is recognized likewise', async () => {
    const { hub, note, triggerOf, aws } = scene();
    hub.on(BatchUpdateFindingsV2Command).resolves({});
    await note(reportWith({ trigger: triggerOf(ocsfEvent), status: 'contained' }));
    const { Comment, StatusId, FindingIdentifiers } =
      hub.commandCalls(BatchUpdateFindingsV2Command)[0]?.args[0].input ?? {};
    expect(FindingIdentifiers).toHaveLength(1);
    const findings = ocsfEvent.detail.findings.map((one) => ({
      ...one,
      comment: Comment,
      status_id: StatusId,
    }));
    const [back] = parseSecurityHubEvent(
      { ...ocsfEvent, detail: { ...ocsfEvent.detail, findings } },
      aws.clock.now(),
    );
    expect(back?.subject.dismissal).toBe('Cordon itself noted its case in the finding.');
  });

  it.each([
    ['a first message', { status: 'running' }],
    ['a further run', { earlier: { status: 'contained' } }],
    ['a rehearsal', { status: 'planned', dryRun: true }],
  ] as const)('is not made by %s', async (_, changes) => {
    const { hub, note, triggerOf } = scene();
    await note(reportWith({ trigger: triggerOf(asffEvent), ...changes }));
    expect(hub.calls()).toEqual([]);
  });

  it.each(['refuses', 'hangs'])(
    'is left out where Security Hub %s, and ends nothing',
    async (how) => {
      const { hub, note, triggerOf, aws } = scene();
      hub
        .on(BatchUpdateFindingsCommand)
        .callsFake(() =>
          how === 'hangs'
            ? new Promise(() => {})
            : Promise.reject(awsError('AccessDeniedException')),
        );
      const began = aws.clock.now().getTime();
      await note(reportWith({ trigger: triggerOf(asffEvent), status: 'contained' }));
      expect(aws.clock.now().getTime() - began).toBeLessThanOrEqual(3_000);
    },
  );
});
