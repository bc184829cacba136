import { expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import type { DescribeDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { lastOf } from '../../src/case/step-detail.ts';
import { optedInto } from '../template/opted-in.ts';
import { roleOf } from '../template/policy.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { deployExample, uploadBucket } from './forensic-example.ts';

const accounts = useAccount();

const grantsOf = (functionId: string): readonly string[] => [
  ...new Set(roleOf(optedInto(), functionId).statements.flatMap(({ actions }) => actions)),
];

/** Cordon with the rights of its roles alone, in a VPC that has the endpoints of the example. */
const openAccount = async (parameters: Record<string, string> = {}): Promise<Account> => {
  const functionIds = [...functionsOf(readTemplate()).keys()];
  const account = await accounts.open({
    parameters: {
      IsolationProfile: 'forensic',
      ForensicCidrs: '203.0.113.0/24',
      ForensicUploadBucket: uploadBucket,
      ...parameters,
    },
    grants: Object.fromEntries(functionIds.map((id) => [id, grantsOf(id)])),
  });
  await deployExample(account);
  return account;
};

const pathIn = ({ steps }: CaseReport) =>
  lastOf<Partial<DescribeDetail>>(steps, 'describe')?.detail.forensicPath;

it('is read by the deployed function that observes, with its own rights, and told in its message', async () => {
  const account = await openAccount({ Mode: 'observe' });
  const report = (await containByEvent(account)).output as CaseReport;
  expect(pathIn(report)).toMatchObject({ state: 'there' });
  const texts = publishedMessages(account.emulator.traffic).map(({ text }) => text);
  expect(texts.join('\n')).toContain('Forensic path: there: ');
});

it('is read by the function for the on-call in a dry run, with its own rights', async () => {
  const { stage, world } = await openAccount();
  const event = { instanceId: world.suspectId, dryRun: true };
  const ended = await stage.invoke('ContainFunction', event);
  const [report] = (ended as { payload: { cases: readonly CaseReport[] } }).payload.cases;
  expect(report && pathIn(report)).toMatchObject({ state: 'there' });
});
