import {
  DisassociateAddressCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { ElasticAddress } from '../../aws/addresses.ts';
import { readElasticAddresses } from '../../aws/addresses.ts';
import { codeOf } from '../../aws/errors.ts';
import { readInterfacesBy } from '../../aws/network-interfaces.ts';
import type { NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { AwsRefusedError } from '../../case/errors.ts';
import type { FormerAddress } from '../../case/former.ts';
import type { StepInput } from '../../case/step-input.ts';
import { beforeAddressesTag, writeAddresses } from '../../record/trail/before-addresses.ts';
import { formerOf } from '../../record/trail/recall.ts';
import type { ActionDeps, Plan, PlannedChange } from '../plan.ts';
import { nothing } from '../plan.ts';
import { addressesBack } from './give-back.ts';

/**
 * First the automatic address is switched off: an interface that loses its Elastic IP would else
 * be given a new public address
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html).
 */
const switchOff = async ({ clients }: ActionDeps, id: string, dryRun: boolean): Promise<void> => {
  await clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: id,
      AssociatePublicIpAddress: false,
      ...(dryRun ? { DryRun: true } : {}),
    }),
  );
};

const disassociate = async (
  { clients }: ActionDeps,
  { associationId }: ElasticAddress,
  dryRun: boolean,
): Promise<void> => {
  try {
    await clients.ec2.send(
      new DisassociateAddressCommand({
        AssociationId: associationId,
        ...(dryRun ? { DryRun: true } : {}),
      }),
    );
  } catch (error) {
    if (codeOf(error) !== 'InvalidAssociationID.NotFound') throw error;
  }
};

/** AWS may have given the interface a new address meanwhile; milliseconds between the looks. */
const looks = [0, 1_000, 2_000] as const;

/** @throws AwsRefusedError when the interface still has a public address. */
const expectNoAddress = async ({ clients, clock }: ActionDeps, id: string): Promise<void> => {
  let seen: string | undefined;
  for (const milliseconds of looks) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    const [found] = await readInterfacesBy(clients.ec2, 'network-interface-id', [id]);
    seen = found?.PrivateIpAddresses?.find(({ Association }) => Association?.PublicIp !== undefined)
      ?.Association?.PublicIp;
    if (seen === undefined) return;
  }
  throw new AwsRefusedError(`${id} still has the public address ${seen}: take it away by hand.`);
};

/** What an earlier run took away, and what is there now, each once. */
const unitedAddresses = (
  ...lists: readonly (readonly FormerAddress[])[]
): readonly FormerAddress[] => [
  ...new Map(lists.flat().map((one) => [JSON.stringify(one), one])).values(),
];

const takeAway = (
  deps: ActionDeps,
  { before, case: { region } }: StepInput,
  { id, publicAddresses }: NetworkInterface,
  elastic: readonly ElasticAddress[],
): PlannedChange => {
  const automatic = publicAddresses.filter(
    (address) => !elastic.some((one) => one.publicAddress === address),
  );
  const earlier = formerOf(before).interfaces[id]?.addresses ?? [];
  const former = unitedAddresses(earlier, [
    ...elastic.map(({ allocationId, privateAddress }) => ({ allocationId, privateAddress })),
    ...automatic.map((address) => ({ automatic: address })),
  ]);
  return {
    cut: 'disassociate-addresses',
    call: elastic.length > 0 ? 'ec2:DisassociateAddress' : 'ec2:ModifyNetworkInterfaceAttribute',
    resource: id,
    before: publicAddresses.join(', '),
    after: 'no public address',
    send: async (dryRun) => {
      // In a rehearsal one call says whether it would be allowed.
      if (!dryRun || elastic.length === 0) await switchOff(deps, id, dryRun);
      await Promise.all(elastic.map((one) => disassociate(deps, one, dryRun)));
      if (!dryRun) await expectNoAddress(deps, id);
    },
    what: `${publicAddresses.join(', ')} taken away${automatic.length > 0 ? `; ${automatic.join(', ')} was automatic and cannot be given back` : ''}`,
    inverse: addressesBack(region, id, former),
    remember: {
      resourceId: id,
      tags: { [beforeAddressesTag]: writeAddresses(former) },
    },
  };
};

/** Takes the public addresses from every interface: nothing comes or goes through an internet gateway. */
export const planDisassociateAddresses = async (
  deps: ActionDeps,
  input: StepInput,
): Promise<Plan> => {
  const { instance } = input.before;
  const cut = 'disassociate-addresses';
  const interfaces = movableInterfaces(instance).filter((one) => one.publicAddresses.length > 0);
  if (interfaces.length === 0) {
    return nothing(cut, 'not-applicable', instance.id, 'no interface has a public IPv4 address');
  }
  const addresses = await readElasticAddresses(
    deps.clients.ec2,
    interfaces.map((one) => one.id),
  );
  const changes = interfaces.map((one) =>
    takeAway(
      deps,
      input,
      one,
      addresses.filter((address) => address.interfaceId === one.id),
    ),
  );
  return { changes, remarks: [], risks: [] };
};
