import { codeOf } from '../../aws/errors.ts';
import {
  createAclEntry,
  readAwsRanges,
  readNetworkAcls,
  readVpcRanges,
} from '../../aws/network-acls.ts';
import type { Instance } from '../../case/before.ts';
import { reasonToSpare } from '../../case/deniable.ts';
import type { AclEntry, NetworkAcl } from '../../case/network-acl.ts';
import { planDeny } from '../../case/network-acl.ts';
import type { Reinforcement } from '../../case/reinforcement.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { addressNotDenied } from '../../case/risks/further-cuts.ts';
import type { StepInput } from '../../case/step-input.ts';
import { naclNoteTag, notedDenies, writeDenyNumbers } from '../../record/trail/nacl-note.ts';
import type { ActionDeps, Plan, PlannedChange } from '../plan.ts';
import { nothing } from '../plan.ts';
import { denyTakenBack } from './give-back.ts';
import { withOwnNotes } from './own-notes.ts';

const directions = [false, true] as const;
const wayOf = (egress: boolean): 'egress' | 'ingress' => (egress ? 'egress' : 'ingress');

/** On the ACL, before its entries: which numbers are this instance's, in this case and before. */
const rememberedEntries = (instanceId: string, acl: NetworkAcl, entries: readonly AclEntry[]) => {
  const numbers = (egress: boolean): readonly number[] => {
    const planned = entries.filter((one) => one.egress === egress).map((one) => one.number);
    return [...new Set([...notedDenies(acl, instanceId, egress), ...planned])];
  };
  return {
    [naclNoteTag(instanceId)]: writeDenyNumbers({
      ingress: numbers(false),
      egress: numbers(true),
    }),
  };
};

const denyAction = (
  { clients }: ActionDeps,
  { case: theCase }: StepInput,
  acl: NetworkAcl,
  entry: AclEntry,
  all: readonly AclEntry[],
): PlannedChange => {
  const way = wayOf(entry.egress);
  return {
    cut: 'nacl-deny',
    call: 'ec2:CreateNetworkAclEntry',
    resource: acl.id,
    before: `no ${way} rule ${entry.number}`,
    after: `${entry.cidr} denied`,
    send: async (dryRun) => {
      try {
        await createAclEntry(clients.ec2, acl.id, entry, dryRun);
      } catch (error) {
        // A lost answer of ours: the number was free a moment ago.
        if (codeOf(error) !== 'NetworkAclEntryAlreadyExists') throw error;
        const [now] = await readNetworkAcls(clients.ec2, acl.subnetIds.slice(0, 1));
        const there = now?.entries.some(
          (one) =>
            one.number === entry.number &&
            one.egress === entry.egress &&
            one.cidr === entry.cidr &&
            !one.allow,
        );
        if (there !== true) throw error;
      }
    },
    what: `${way} ${entry.cidr} denied by rule ${entry.number} for every host of ${acl.subnetIds.join(', ')}`,
    inverse: [denyTakenBack(theCase.region, acl.id, entry.number, entry.egress)],
    remember: {
      resourceId: acl.id,
      tags: rememberedEntries(theCase.instanceId, acl, all),
    },
  };
};

/** Plans one ACL: entries are added to it as they are planned, so that no number is used twice. */
const planAcl = (
  deps: ActionDeps,
  input: StepInput,
  acl: NetworkAcl,
  addresses: readonly string[],
): Plan => {
  const planned: AclEntry[] = [];
  const remarks: Reinforcement[] = [];
  const risks: ResidualRisk[] = [];
  for (const address of addresses) {
    for (const egress of directions) {
      const deny = planDeny({ entries: [...acl.entries, ...planned] }, address, egress);
      if (deny.kind === 'deny') planned.push(deny.entry);
      else if (deny.kind === 'already') {
        const what = `${wayOf(egress)} ${address} is denied by rule ${deny.number}`;
        // An earlier run of this case has put it there: its undo is this one's too.
        const { number } = deny;
        const ours = notedDenies(acl, input.case.instanceId, egress).includes(number);
        const undo = ours ? [denyTakenBack(input.case.region, acl.id, number, egress)] : [];
        remarks.push({ cut: 'nacl-deny', outcome: 'already', resource: acl.id, what, undo });
      } else {
        const why = `no rule number is free below ${deny.below}, where ${acl.id} allows it`;
        remarks.push({
          cut: 'nacl-deny',
          outcome: 'failed',
          resource: acl.id,
          what: why,
          undo: [],
        });
        risks.push(addressNotDenied(address, `${wayOf(egress)}: ${why}`));
      }
    }
  }
  const changes = planned.map((entry) => denyAction(deps, input, acl, entry, planned));
  return { changes, remarks, risks };
};

/** An interface sends and receives in every subnet that it is associated with. */
const subnetsOf = ({ networkInterfaces }: Instance): readonly string[] => [
  ...new Set(
    networkInterfaces.flatMap(({ subnetId, associatedSubnetIds = [] }) => [
      subnetId,
      ...associatedSubnetIds,
    ]),
  ),
];

/** An address that is not denied, and why. */
interface Spared {
  readonly address: string;
  readonly why: string;
}

/** What is said of an address that must not be denied: it may be the account's own, or AWS's. */
const sparing = (spared: readonly Spared[]): Plan => ({
  changes: [],
  remarks: spared.map(({ address, why }) => ({
    cut: 'nacl-deny',
    outcome: 'not-applicable',
    resource: address,
    what: `not denied: ${why}`,
    undo: [],
  })),
  risks: spared.map(({ address, why }) => addressNotDenied(address, why)),
});

/** What is said of subnets whose ACL nobody showed. */
const unseenRisks = (
  subnetIds: readonly string[],
  acls: readonly NetworkAcl[],
  addresses: readonly string[],
): readonly ResidualRisk[] => {
  const guarded = new Set(acls.flatMap((acl) => acl.subnetIds));
  const unseen = subnetIds.filter((id) => !guarded.has(id));
  return unseen.length === 0
    ? []
    : addresses.map((address) =>
        addressNotDenied(address, `the network ACL of ${unseen.join(', ')} is not to be seen`),
      );
};

/**
 * Denies the finding's remote addresses in the network ACLs of the instance's subnets, both
 * directions: the only thing that breaks a tracked connection at once
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 */
export const planNaclDeny = async (deps: ActionDeps, input: StepInput): Promise<Plan> => {
  const { instance } = input.before;
  const addresses = input.case.trigger.remoteAddresses ?? [];
  if (addresses.length === 0) {
    return nothing('nacl-deny', 'not-applicable', instance.id, 'the trigger names no address');
  }
  const { ec2 } = deps.clients;
  const subnetIds = subnetsOf(instance);
  const vpcIds = [...new Set(instance.networkInterfaces.map((one) => one.vpcId))];
  const [acls, vpcCidrs, awsRanges] = await Promise.all([
    readNetworkAcls(ec2, subnetIds),
    readVpcRanges(ec2, vpcIds),
    readAwsRanges(ec2),
  ]);
  const ranges = { vpcCidrs, awsRanges, allowList: deps.settings.naclAllowList };
  const reasons = addresses.map((address) => [address, reasonToSpare(address, ranges)] as const);
  const denied = reasons.flatMap(([address, why]) => (why === undefined ? [address] : []));
  const spared = reasons.flatMap(([address, why]) => (why === undefined ? [] : [{ address, why }]));
  const own = await withOwnNotes(deps, input, acls, addresses);
  const plans = [...own.acls.map((acl) => planAcl(deps, input, acl, denied)), sparing(spared)];
  return {
    changes: plans.flatMap((plan) => plan.changes),
    remarks: plans.flatMap((plan) => plan.remarks),
    risks: [
      ...own.risks,
      ...plans.flatMap((plan) => plan.risks),
      ...unseenRisks(subnetIds, acls, denied),
    ],
  };
};
