import type { Deps } from '../clients.ts';
import type { ProtectionReader } from '../instance.ts';
import { readProtection } from '../instance.ts';
import { keepPace } from '../pace.ts';

/**
 * DescribeInstanceAttribute tells one attribute of one instance, and has 100 calls refilled by 20 a
 * second (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html): about half of
 * that is left to everybody else in the account, a case that begins meanwhile first of all.
 */
const attributePace = { burst: 50, perSecond: 12 };
const attributesPerInstance = 3;

/** Reads the attributes that protect instances, however many, no faster than EC2 answers. */
export const pacedProtection = ({ clients, clock }: Deps<'ec2'>): ProtectionReader => {
  const pace = keepPace(clock, attributePace);
  return async (instanceId) => {
    await pace(attributesPerInstance);
    return readProtection(clients.ec2, instanceId);
  };
};
