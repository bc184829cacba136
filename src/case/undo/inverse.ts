import { oneLine } from '../one-line.ts';

/** In which order a case is given back: what opens the server comes after what it would use. */
export const phases = [
  'reinforcements',
  'addresses',
  'network',
  // Its agent is only reached when its groups let it: after them, and still shut by its own firewall.
  'host',
  'load-balancers',
  'auto-scaling',
  'protections',
] as const;

export type Phase = (typeof phases)[number];

/** The call that an inverse is, by its name at AWS, with its input. */
export type InverseCall =
  | {
      readonly api: 'ec2:ModifyInstanceAttribute';
      readonly input: {
        readonly InstanceId: string;
        readonly DisableApiTermination?: { readonly Value: boolean };
        readonly DisableApiStop?: { readonly Value: boolean };
        readonly InstanceInitiatedShutdownBehavior?: { readonly Value: string };
        readonly BlockDeviceMappings?: {
          DeviceName: string;
          Ebs: { DeleteOnTermination: boolean };
        }[];
      };
    }
  | {
      readonly api: 'ec2:ModifyNetworkInterfaceAttribute';
      readonly input: {
        readonly NetworkInterfaceId: string;
        readonly Groups?: string[];
        readonly AssociatePublicIpAddress?: boolean;
        readonly ConnectionTrackingSpecification?: {
          readonly TcpEstablishedTimeout: number;
          readonly UdpStreamTimeout: number;
          readonly UdpTimeout: number;
        };
      };
    }
  | {
      readonly api: 'ec2:AssociateAddress';
      readonly input: {
        readonly AllocationId: string;
        readonly NetworkInterfaceId: string;
        readonly PrivateIpAddress: string;
      };
    }
  | {
      readonly api: 'ec2:ModifyInstanceMetadataOptions';
      readonly input: { readonly InstanceId: string; readonly HttpEndpoint: 'enabled' };
    }
  | {
      readonly api: 'ec2:AssociateIamInstanceProfile';
      readonly input: {
        readonly InstanceId: string;
        readonly IamInstanceProfile: { readonly Arn: string };
      };
    }
  | {
      readonly api: 'ec2:DeleteNetworkAclEntry';
      readonly input: {
        readonly NetworkAclId: string;
        readonly RuleNumber: number;
        readonly Egress: boolean;
      };
    }
  | {
      readonly api: 'ec2:DeleteTrafficMirrorSession';
      readonly input: { readonly TrafficMirrorSessionId: string };
    }
  | {
      readonly api: 'ec2:DeleteTrafficMirrorFilter';
      readonly input: { readonly TrafficMirrorFilterId: string };
    }
  | {
      readonly api: 'ec2:DeleteFlowLogs';
      readonly input: { readonly FlowLogIds: string[] };
    }
  | {
      readonly api: 'iam:DeleteRolePolicy';
      readonly input: { readonly RoleName: string; readonly PolicyName: string };
    }
  | {
      readonly api: 'ssm:SendCommand';
      readonly input: {
        readonly InstanceIds: string[];
        readonly DocumentName: string;
        readonly Parameters: { readonly Action: ['restore']; readonly Case: [string] };
      };
    }
  | {
      readonly api: 'autoscaling:AttachInstances' | 'autoscaling:ExitStandby';
      readonly input: { readonly AutoScalingGroupName: string; readonly InstanceIds: string[] };
    }
  | {
      readonly api: 'autoscaling:EnterStandby';
      readonly input: {
        readonly AutoScalingGroupName: string;
        readonly InstanceIds: string[];
        readonly ShouldDecrementDesiredCapacity: boolean;
      };
    }
  | {
      readonly api: 'autoscaling:SetInstanceProtection';
      readonly input: {
        readonly AutoScalingGroupName: string;
        readonly InstanceIds: string[];
        readonly ProtectedFromScaleIn: boolean;
      };
    }
  | {
      readonly api: 'autoscaling:ResumeProcesses';
      readonly input: {
        readonly AutoScalingGroupName: string;
        readonly ScalingProcesses: string[];
      };
    }
  | {
      readonly api: 'elasticloadbalancing:RegisterTargets';
      readonly input: {
        readonly TargetGroupArn: string;
        readonly Targets: { Id: string; Port: number; AvailabilityZone?: string }[];
      };
    }
  | {
      readonly api: 'elasticloadbalancing:RegisterInstancesWithLoadBalancer';
      readonly input: {
        readonly LoadBalancerName: string;
        readonly Instances: { InstanceId: string }[];
      };
    };

/** One change of a case, turned round: as a call, and as the same command for a shell. */
export interface Inverse {
  readonly phase: Phase;
  /** The interface, instance, group or target that it is about. */
  readonly resource: string;
  /** What it gives back, in words: `groups sg-1 → sg-2`. */
  readonly what: string;
  readonly call: InverseCall;
  readonly command: string;
  /** What a person has to know of it first. */
  readonly note?: string;
}

/** What an inverse gives back, on one line; the values in it may come from tags that anybody writes. */
export const inverseLine = ({ resource, what }: Inverse): string => oneLine(`${resource}: ${what}`);

/** The lines of an inverse as people paste them. */
export const printed = ({ note, command }: Inverse): readonly string[] =>
  note === undefined ? [command] : [`# ${note}`, command];
