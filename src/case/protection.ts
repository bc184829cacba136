import type { Instance } from './before.ts';

/**
 * Protections that AWS does not offer for this kind of instance, with the reason.
 * Spot: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html;
 * stop protection: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html.
 */
export const impossibleProtections = (
  instance: Pick<Instance, 'spot' | 'rootDeviceType' | 'managedBy'>,
): Readonly<Partial<Record<'termination' | 'stop' | 'shutdown' | 'volumes', string>>> => {
  if (instance.managedBy !== undefined) {
    const why = `the instance is managed by ${instance.managedBy}`;
    return { termination: why, stop: why, shutdown: why, volumes: why };
  }
  return {
    ...(instance.spot
      ? {
          termination: 'Spot instances cannot have termination protection',
          stop: 'Spot instances cannot have stop protection',
        }
      : {}),
    ...(instance.rootDeviceType === 'instance-store'
      ? {
          stop: 'instances with an instance store root cannot be stopped',
          shutdown: 'instances with an instance store root cannot be stopped',
        }
      : {}),
  };
};
