import {
  AttachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AssociateAddressCommand,
  AssociateIamInstanceProfileCommand,
  DeleteNetworkAclEntryCommand,
  DeleteTrafficMirrorFilterCommand,
  DeleteTrafficMirrorSessionCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { RegisterInstancesWithLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import type { InverseCall } from '../case/undo/inverse.ts';
import type { Deps } from './clients.ts';
import { codeOf } from './errors.ts';
import { deleteFlowLogs } from './flow-logs.ts';
import { awaitAgent, runOnHost } from './host-document.ts';

type ReleaseClients = 'ec2' | 'autoScaling' | 'loadBalancing' | 'loadBalancingV2' | 'iam' | 'ssm';

type InverseDeps = Pick<Deps<ReleaseClients>, 'clients' | 'clock' | 'log'>;

/** What an agent that was cut off takes to come back, and a script to end, in milliseconds. */
const patienceWithAgent = 180_000;
const patienceWithScript = 90_000;

/** A host has given back what it says it has: AWS shows nothing of it. */
const restoreHost = async (
  deps: InverseDeps,
  { input }: Extract<InverseCall, { readonly api: 'ssm:SendCommand' }>,
): Promise<void> => {
  const [instanceId = ''] = input.InstanceIds;
  const { platform } = await awaitAgent(deps, instanceId, patienceWithAgent);
  await runOnHost(deps, {
    action: 'restore',
    caseId: input.Parameters.Case[0],
    documentName: input.DocumentName,
    instanceId,
    platform: platform === 'Windows' ? 'Windows' : 'Linux',
    deliverySeconds: 60,
    patienceMilliseconds: patienceWithScript,
  });
};

/** What AWS answers when an earlier run of the release has done it already. */
const doneBefore: Readonly<Partial<Record<InverseCall['api'], readonly string[]>>> = {
  'ec2:DeleteNetworkAclEntry': ['InvalidNetworkAclEntry.NotFound'],
  'ec2:DeleteTrafficMirrorSession': ['InvalidTrafficMirrorSessionId.NotFound'],
  'ec2:DeleteTrafficMirrorFilter': ['InvalidTrafficMirrorFilterId.NotFound'],
  'ec2:DeleteFlowLogs': ['InvalidFlowLogId.NotFound'],
  'iam:DeleteRolePolicy': ['NoSuchEntity', 'NoSuchEntityException'],
};

const send = (deps: InverseDeps, call: InverseCall): Promise<unknown> => {
  const { clients } = deps;
  switch (call.api) {
    case 'ec2:ModifyInstanceAttribute':
      return clients.ec2.send(new ModifyInstanceAttributeCommand(call.input));
    case 'ec2:ModifyNetworkInterfaceAttribute':
      return clients.ec2.send(new ModifyNetworkInterfaceAttributeCommand(call.input));
    case 'ec2:AssociateAddress':
      return clients.ec2.send(new AssociateAddressCommand(call.input));
    case 'ec2:ModifyInstanceMetadataOptions':
      return clients.ec2.send(new ModifyInstanceMetadataOptionsCommand(call.input));
    case 'ec2:AssociateIamInstanceProfile':
      return clients.ec2.send(new AssociateIamInstanceProfileCommand(call.input));
    case 'ec2:DeleteNetworkAclEntry':
      return clients.ec2.send(new DeleteNetworkAclEntryCommand(call.input));
    case 'ec2:DeleteTrafficMirrorSession':
      return clients.ec2.send(new DeleteTrafficMirrorSessionCommand(call.input));
    case 'ec2:DeleteTrafficMirrorFilter':
      return clients.ec2.send(new DeleteTrafficMirrorFilterCommand(call.input));
    case 'ec2:DeleteFlowLogs':
      return deleteFlowLogs(clients.ec2, call.input.FlowLogIds);
    case 'iam:DeleteRolePolicy':
      return clients.iam.send(new DeleteRolePolicyCommand(call.input));
    case 'ssm:SendCommand':
      return restoreHost(deps, call);
    case 'autoscaling:AttachInstances':
      return clients.autoScaling.send(new AttachInstancesCommand(call.input));
    case 'autoscaling:ExitStandby':
      return clients.autoScaling.send(new ExitStandbyCommand(call.input));
    case 'autoscaling:EnterStandby':
      return clients.autoScaling.send(new EnterStandbyCommand(call.input));
    case 'autoscaling:SetInstanceProtection':
      return clients.autoScaling.send(new SetInstanceProtectionCommand(call.input));
    case 'autoscaling:ResumeProcesses':
      return clients.autoScaling.send(new ResumeProcessesCommand(call.input));
    case 'elasticloadbalancing:RegisterTargets':
      return clients.loadBalancingV2.send(new RegisterTargetsCommand(call.input));
    case 'elasticloadbalancing:RegisterInstancesWithLoadBalancer':
      return clients.loadBalancing.send(new RegisterInstancesWithLoadBalancerCommand(call.input));
  }
};

/** Sends what turns a change round; what an earlier run of the release has sent counts as done. */
export const sendInverse = async (deps: InverseDeps, call: InverseCall): Promise<void> => {
  try {
    await send(deps, call);
  } catch (error) {
    if (doneBefore[call.api]?.includes(codeOf(error)) !== true) throw error;
  }
};
