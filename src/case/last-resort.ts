import type { Instance } from './before.ts';
import { command } from './command.ts';
import { operatorWay } from './operator.ts';

/** What decides how an instance can be stopped; what is not known is taken for ordinary. */
export type Stoppable = Pick<Instance, 'id' | 'region'> &
  Partial<Pick<Instance, 'rootDeviceType' | 'spot' | 'managedBy' | 'instanceType'>>;

/**
 * The commands that stop an instance which Cordon has protected, in order: stop protection goes
 * first, or the stop is refused
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html). None where AWS
 * lets nobody stop it: see `lastResort` for what to do then.
 */
export const stopCommands = ({
  id,
  region,
  rootDeviceType,
  spot,
  managedBy,
}: Stoppable): readonly string[] => {
  if (managedBy !== undefined || rootDeviceType === 'instance-store') return [];
  const stop = ['aws', 'ec2', 'stop-instances', '--region', region, '--instance-ids', id];
  const unprotect = ['aws', 'ec2', 'modify-instance-attribute', '--region', region];
  // A Spot instance cannot have stop protection.
  return spot === true
    ? [command(stop)]
    : [command([...unprotect, '--instance-id', id, '--no-disable-api-stop']), command(stop)];
};

/** Families and sizes that come with disks on the host, by the letters of their names. */
const localDisk =
  /^(?:(?:i|is|im|d|h|hs|f|g|p|trn|dl|x)\d[a-z0-9-]*|[a-z]+\d+[a-z]*d[a-z0-9-]*|(?:c|m|r)[13]|cc\d|cr\d|vt\d)\./;

/**
 * True where the instance type may have instance store volumes, which no snapshot covers: by its
 * name, so an attached disk may not exist (https://docs.aws.amazon.com/ec2/latest/instancetypes/).
 */
export const mayHaveInstanceStore = ({
  rootDeviceType,
  instanceType = '',
}: Partial<Pick<Instance, 'rootDeviceType' | 'instanceType'>>): boolean =>
  rootDeviceType === 'instance-store' || localDisk.test(instanceType);

/** What a stop destroys. */
export const lostByStopping = (instance: Stoppable): string =>
  instance.instanceType === undefined || mayHaveInstanceStore(instance)
    ? 'its memory and its instance store are lost'
    : 'its memory is lost';

/** The last resort in one line: what is lost, and what to paste or why there is nothing to paste. */
export const lastResort = (instance: Stoppable): string => {
  if (instance.managedBy !== undefined) {
    return `only ${instance.managedBy} can stop the instance: ${operatorWay(instance.managedBy)}`;
  }
  if (instance.rootDeviceType === 'instance-store') {
    return 'the instance cannot be stopped, because its root is an instance store: terminating it destroys the disk';
  }
  const persistent = instance.spot === true ? ' (only of a persistent Spot request)' : '';
  return `stop it${persistent}; ${lostByStopping(instance)}: ${stopCommands(instance).join(' && ')}`;
};
