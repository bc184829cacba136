import { describe, expect, it } from 'vitest';
import { flowLogs as action } from '../../src/actions/flow-logs/action.ts';
import { flowLogFields, recordsFolder } from '../../src/case/flow-log.ts';
import { flowLogs } from '../../src/evidence/flow-logs/collector.ts';
import { flowQueries } from '../../src/evidence/flow-logs/queries.ts';
import { neededWith, sorted } from './needed.ts';
import { stack } from './opted-in.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { isMet, withParameters } from './resolve.ts';
import { at, nestedIn, resourcesOfType } from './stack.ts';

const logging = withParameters(stack, { FlowLogs: 'true' });
const flows = nestedIn('Flows');
const [table] = resourcesOfType(flows, 'AWS::Glue::Table');
const input = at(table?.[1].Properties, 'TableInput');

const actionsOf = (deployed: typeof stack, owner: string): readonly string[] =>
  sorted(roleOf(deployed, owner).statements.flatMap(({ actions }) => actions));

describe('A stack that logs the traffic of contained instances', () => {
  it('lets the function do what its collector says, and nothing else', () => {
    const needed = [...(neededWith().EvidenceFunction ?? []), ...flowLogs.permissions];
    expect(actionsOf(logging, 'EvidenceFunction')).toEqual(sorted(needed));
  });

  it('lets a release end the flow logs, by the function and by hand', () => {
    const needed = [...(neededWith().ReleaseFunction ?? []), ...action.releasePermissions];
    expect(actionsOf(logging, 'ReleaseFunction')).toEqual(sorted(needed));
    const byHand = managedPolicy(logging, 'OnCallAnswerPolicy').statements;
    expect(byHand.flatMap(({ actions }) => actions)).toEqual(
      expect.arrayContaining([...action.releasePermissions]),
    );
  });

  it('lets nobody end a flow log that is of no case', () => {
    const ending = roleOf(logging, 'ReleaseFunction').statements.filter(({ actions }) =>
      actions.includes('ec2:DeleteFlowLogs'),
    );
    expect(ending.map(({ conditions }) => conditions)).toEqual([
      { Null: { 'aws:ResourceTag/cordon:case': ['false'] } },
    ]);
  });

  it('lets the function tag a flow log only in the making', () => {
    const tagging = roleOf(logging, 'EvidenceFunction').statements.filter(
      ({ actions, resources }) =>
        actions.includes('ec2:CreateTags') && resources.some((one) => one.includes('flow-log')),
    );
    expect(tagging.map(({ conditions }) => conditions)).toEqual([
      { StringEquals: { 'ec2:CreateAction': ['CreateFlowLogs'] } },
    ]);
  });
});

describe('A stack that does not', () => {
  it('has none of these rights, and nothing of Athena', () => {
    const own = flowLogs.permissions.filter((one) => /FlowLogs|LogDelivery|ecs:/.test(one));
    const granted = [
      ...actionsOf(stack, 'EvidenceFunction'),
      ...managedPolicy(stack, 'ExaminerPolicy').statements.flatMap(({ actions }) => actions),
    ];
    expect(granted.filter((one) => own.includes(one) || one.startsWith('athena:'))).toEqual([]);
    expect(isMet(stack, 'LogsFlows')).toBe(false);
    expect(at(stack.Resources, 'Flows', 'Condition')).toBe('LogsFlows');
  });
});

describe('What Athena knows of the flow logs', () => {
  it('are the fields of the format, in its order, because a line has no names', () => {
    const columns = at(input, 'StorageDescriptor', 'Columns') as { Name: string }[];
    expect(columns.map(({ Name }) => Name)).toEqual(
      flowLogFields.map((field) => field.replaceAll('-', '_')),
    );
  });

  it('is where AWS delivers the records of a case', () => {
    const location = at(input, 'Parameters', 'storage.location.template', 'Fn::Sub');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation has it
    const [accountId, region, caseId] = ['${AWS::AccountId}', '${AWS::Region}', '${!case_id}'];
    expect(location).toBe(
      `s3://\${StoreName}/${recordsFolder({ accountId, region, caseId })}\${!day}/`,
    );
  });

  it('has the queries of the command, word for word', () => {
    const named = resourcesOfType(flows, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => [
      String(at(Properties, 'Name')).replace(/^cordon-/, ''),
      at(Properties, 'QueryString'),
    ]);
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(Object.entries(flowQueries).map(([name, { sql }]) => [name, sql])),
    );
  });

  it('answers into the bucket of results, wherever somebody wants the answer', () => {
    const [group] = resourcesOfType(flows, 'AWS::Athena::WorkGroup');
    expect(at(group?.[1].Properties, 'WorkGroupConfiguration')).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation has it
      ResultConfiguration: { OutputLocation: { 'Fn::Sub': 's3://${ResultsName}/results/' } },
    });
  });
});
