import type { Registration } from '../../case/before.ts';
import { partitionOf } from '../../case/partition.ts';
import { wholeTagValue } from './tag-value.ts';

/** The tags are numbered: `cordon:before:tg:1`, `cordon:before:tg:2`, … */
export const beforeTargetPrefix = 'cordon:before:tg:';

/** Whose target groups the tag names: it holds the end of their ARN only. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

const marker = ':targetgroup/';

/** `<target group name>/<hex id> <target> <port> <zone or ->`, `via-asg` where attaching restores it. */
export const writeTarget = (target: Registration): string | undefined =>
  wholeTagValue(
    [
      target.targetGroupArn.split(marker)[1] ?? target.targetGroupArn,
      target.targetId,
      target.port,
      target.zone ?? '-',
      ...(target.viaAutoScaling ? ['via-asg'] : []),
    ].join(' '),
  );

const pattern =
  /^([A-Za-z0-9-]{1,32}\/[0-9a-f]{16}) (i-[0-9a-f]{8,17}|[0-9a-fA-F.:]{2,45}) (\d{1,5}) ([a-z0-9-]{1,32}|-)( via-asg)?$/;

/** The registration that the tag names; undefined for a value of another form. */
export const readTarget = (
  value: string,
  { accountId, region }: Place,
): Registration | undefined => {
  const [, group, targetId, port = '', zone, viaAutoScaling] = pattern.exec(value) ?? [];
  if (group === undefined || targetId === undefined || Number(port) > 65_535) return undefined;
  return {
    targetGroupArn: `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${accountId}${marker}${group}`,
    targetId,
    port: Number(port),
    ...(zone === undefined || zone === '-' ? {} : { zone }),
    viaAutoScaling: viaAutoScaling !== undefined,
  };
};
