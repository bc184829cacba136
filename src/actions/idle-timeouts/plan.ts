import { ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import type { IdleTimeouts, NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { StepInput } from '../../case/step-input.ts';
import {
  beforeIdleTimeoutsTag,
  writeIdleTimeouts,
} from '../../record/trail/before-idle-timeouts.ts';
import { formerOf } from '../../record/trail/recall.ts';
import type { ActionDeps, Plan, PlannedChange } from '../plan.ts';
import { idleTimeoutsBack } from './give-back.ts';
import { isLeast, least } from './least.ts';

const specification = ({ tcpEstablished, udpStream, udp }: Required<IdleTimeouts>) => ({
  TcpEstablishedTimeout: tcpEstablished,
  UdpStreamTimeout: udpStream,
  UdpTimeout: udp,
});

/** In seconds; what nobody has set is the default of AWS. */
const inWords = ({ tcpEstablished, udpStream, udp }: IdleTimeouts): string =>
  `TCP ${tcpEstablished ?? 'default'}, UDP stream ${udpStream ?? 'default'}, UDP ${udp ?? 'default'}`;

const lower = (
  { clients }: ActionDeps,
  { before, case: theCase }: StepInput,
  { id, idleTimeouts = {} }: NetworkInterface,
): PlannedChange => {
  const former = formerOf(before).interfaces[id]?.idleTimeouts ?? idleTimeouts;
  return {
    cut: 'idle-timeouts',
    call: 'ec2:ModifyNetworkInterfaceAttribute',
    resource: id,
    before: `idle timeouts ${inWords(idleTimeouts)}`,
    after: inWords(least),
    send: (dryRun) =>
      clients.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: id,
          ConnectionTrackingSpecification: specification(least),
          ...(dryRun ? { DryRun: true } : {}),
        }),
      ),
    what: `idle connections are forgotten after ${least.tcpEstablished} s (TCP), ${least.udpStream} s and ${least.udp} s (UDP)`,
    inverse: [idleTimeoutsBack(theCase.region, id, former)],
    remember: {
      resourceId: id,
      tags: { [beforeIdleTimeoutsTag]: writeIdleTimeouts(former) },
    },
    quiet: true,
  };
};

/** Connections that AWS keeps alive are forgotten sooner once they fall silent. */
export const planIdleTimeouts = (deps: ActionDeps, input: StepInput): Plan => {
  const interfaces = movableInterfaces(input.before.instance);
  return {
    changes: interfaces
      .filter(({ idleTimeouts = {} }) => !isLeast(idleTimeouts))
      .map((one) => lower(deps, input, one)),
    remarks: interfaces
      .filter(({ idleTimeouts = {} }) => isLeast(idleTimeouts))
      .map(({ id: resource }) => ({
        cut: 'idle-timeouts',
        outcome: 'already',
        resource,
        what: 'the idle timeouts are at their minimum',
        undo: [],
      })),
    risks: [],
  };
};
