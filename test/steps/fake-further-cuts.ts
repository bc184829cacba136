import type {
  Address,
  CreateNetworkAclEntryCommandInput,
  NetworkAcl as Ec2NetworkAcl,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import {
  CreateNetworkAclEntryCommand,
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkAclsCommand,
  DescribeVpcsCommand,
  DisassociateAddressCommand,
  DisassociateIamInstanceProfileCommand,
  GetManagedPrefixListEntriesCommand,
  ModifyInstanceMetadataOptionsCommand,
} from '@aws-sdk/client-ec2';
import { GetInstanceProfileCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { awsError, rehearsed } from './aws-error.ts';
import type { FakeAws } from './fake-aws.ts';
import type { FakeEc2 } from './fake-ec2.ts';
import { instanceId, vpcId } from './sample-instance.ts';

export interface FakeAcl {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly entries: NetworkAclEntry[];
}

export const profileArn = 'arn:aws:iam::111122223333:instance-profile/shop/web';

export interface FurtherWorld {
  readonly acls?: readonly FakeAcl[];
  readonly vpcCidrs?: readonly string[];
  /** Ranges of AWS's own services. */
  readonly awsRanges?: readonly string[];
  readonly addresses?: readonly Address[];
  /** Undefined: the instance has no profile. */
  readonly association?: string | undefined;
  /** Roles of the profile. */
  readonly roles?: readonly string[];
}

/** What lets everything through, both ways and in both families, as a VPC's default ACL has it. */
export const openEntries = (): NetworkAclEntry[] =>
  [false, true].flatMap((Egress) => [
    { RuleNumber: 100, Egress, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
    { RuleNumber: 32_767, Egress, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
    { RuleNumber: 101, Egress, RuleAction: 'allow', Protocol: '-1', Ipv6CidrBlock: '::/0' },
  ]);

const namesAre = (filters: readonly { Values?: string[] | undefined }[] = []): string[] =>
  filters.flatMap(({ Values = [] }) => Values);

/** Network ACLs, addresses, the metadata service and the role, as AWS would remember them. */
export class FakeFurtherCuts {
  readonly acls: readonly FakeAcl[];
  readonly #tagsOf: (resource: string) => Record<string, string>;
  #addresses: Address[];
  #association: string | undefined;
  /** `<role> <policy name>` to the policy. */
  readonly rolePolicies = new Map<string, string>();

  constructor({ ec2, iam }: FakeAws, ec2World: FakeEc2, world: FurtherWorld = {}) {
    this.acls = world.acls ?? [
      { id: 'acl-1', subnetIds: ['subnet-0000000000000000a'], entries: openEntries() },
    ];
    this.#tagsOf = (resource) => ec2World.tagsOf(resource);
    this.#addresses = [...(world.addresses ?? [])];
    this.#association = world.association;
    ec2
      .on(DescribeNetworkAclsCommand)
      .callsFake(async ({ Filters }) => this.#describeAcls(namesAre(Filters)));
    ec2.on(CreateNetworkAclEntryCommand).callsFake(async (input) => this.#createEntry(input));
    ec2.on(DescribeVpcsCommand).resolves({
      Vpcs: [
        {
          VpcId: vpcId,
          CidrBlockAssociationSet: (world.vpcCidrs ?? ['10.0.0.0/16']).map((CidrBlock) => ({
            CidrBlock,
          })),
        },
      ],
    });
    ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [{ PrefixListId: 'pl-1' }] });
    ec2
      .on(GetManagedPrefixListEntriesCommand)
      .resolves({ Entries: (world.awsRanges ?? []).map((Cidr) => ({ Cidr })) });
    ec2.on(DescribeAddressesCommand).callsFake(async ({ Filters }) => ({
      Addresses: this.#addresses.filter(({ NetworkInterfaceId = '' }) =>
        namesAre(Filters).includes(NetworkInterfaceId),
      ),
    }));
    ec2
      .on(DisassociateAddressCommand)
      .callsFake(async ({ AssociationId, DryRun }) => this.#takeAddress(AssociationId, DryRun));
    ec2.on(ModifyInstanceMetadataOptionsCommand).callsFake(async ({ DryRun }) => {
      if (DryRun === true) throw rehearsed();
      return {};
    });
    ec2
      .on(DescribeIamInstanceProfileAssociationsCommand)
      .callsFake(async () => this.#describeAssociation());
    ec2.on(DisassociateIamInstanceProfileCommand).callsFake(async ({ AssociationId }) => {
      if (AssociationId !== this.#association) throw awsError('InvalidAssociationID.NotFound');
      this.#association = undefined;
      return {};
    });
    iam.on(GetInstanceProfileCommand).resolves({
      InstanceProfile: {
        Path: '/shop/',
        InstanceProfileName: 'web',
        InstanceProfileId: 'AIPAEXAMPLE',
        Arn: profileArn,
        CreateDate: new Date(0),
        Roles: (world.roles ?? ['web-role']).map((RoleName) => ({
          Path: '/',
          RoleName,
          RoleId: `AROA${RoleName.toUpperCase()}`,
          Arn: `arn:aws:iam::111122223333:role/${RoleName}`,
          CreateDate: new Date(0),
        })),
      },
    });
    iam.on(PutRolePolicyCommand).callsFake(async ({ RoleName, PolicyName, PolicyDocument }) => {
      this.rolePolicies.set(`${RoleName} ${PolicyName}`, PolicyDocument ?? '');
      return {};
    });
  }

  get profileIsAssociated(): boolean {
    return this.#association !== undefined;
  }

  get publicAddresses(): readonly string[] {
    return this.#addresses.flatMap(({ PublicIp }) => PublicIp ?? []);
  }

  /** `acl-1 ingress 99 deny 93.184.216.34/32`, one line per deny but the default ones. */
  get denies(): readonly string[] {
    return this.acls.flatMap(({ id, entries }) =>
      entries
        .filter(({ RuleAction, RuleNumber = 0 }) => RuleAction === 'deny' && RuleNumber < 32_767)
        .map(
          (one) =>
            `${id} ${one.Egress === true ? 'egress' : 'ingress'} ${one.RuleNumber} deny ${one.CidrBlock ?? one.Ipv6CidrBlock}`,
        ),
    );
  }

  #describeAcls(subnetIds: readonly string[]): { NetworkAcls: Ec2NetworkAcl[] } {
    return {
      NetworkAcls: this.acls
        .filter((acl) => acl.subnetIds.some((id) => subnetIds.includes(id)))
        .map(({ id, subnetIds: its, entries }) => ({
          NetworkAclId: id,
          VpcId: vpcId,
          Associations: its.map((SubnetId) => ({ SubnetId })),
          Entries: [...entries],
          Tags: Object.entries(this.#tagsOf(id)).map(([Key, Value]) => ({ Key, Value })),
        })),
    };
  }

  #createEntry(input: CreateNetworkAclEntryCommandInput): unknown {
    const { NetworkAclId, DryRun, ...entry } = input;
    if (DryRun === true) throw rehearsed();
    const acl = this.acls.find(({ id }) => id === NetworkAclId);
    if (acl === undefined) throw awsError('InvalidNetworkAclID.NotFound');
    const taken = acl.entries.some(
      ({ RuleNumber, Egress }) => RuleNumber === entry.RuleNumber && Egress === entry.Egress,
    );
    if (taken) throw awsError('NetworkAclEntryAlreadyExists');
    acl.entries.push(entry as NetworkAclEntry);
    return {};
  }

  #takeAddress(associationId: string | undefined, dryRun: boolean | undefined): unknown {
    if (dryRun === true) throw rehearsed();
    if (!this.#addresses.some((one) => one.AssociationId === associationId)) {
      throw awsError('InvalidAssociationID.NotFound');
    }
    this.#addresses = this.#addresses.filter((one) => one.AssociationId !== associationId);
    return {};
  }

  #describeAssociation(): unknown {
    return {
      IamInstanceProfileAssociations:
        this.#association === undefined
          ? []
          : [
              {
                AssociationId: this.#association,
                InstanceId: instanceId,
                IamInstanceProfile: { Arn: profileArn },
                State: 'associated',
              },
            ],
    };
  }
}
