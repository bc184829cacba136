import {
  CreateTrafficMirrorFilterCommand,
  CreateTrafficMirrorFilterRuleCommand,
  ModifyTrafficMirrorFilterNetworkServicesCommand,
} from '@aws-sdk/client-ec2';
import { codeOf } from '../../aws/errors.ts';
import { toTags } from '../../aws/tags.ts';
import { readMirrorFilters, toMirrorFilter } from '../../aws/traffic-mirrors.ts';
import type { Case } from '../../case/case.ts';
import { AwsRefusedError } from '../../case/errors.ts';
import type { MirrorFilter, MirrorRule } from '../../case/traffic-mirror.ts';
import {
  hasForeignRule,
  isSameRule,
  mirrorDescription,
  mirrorRules,
} from '../../case/traffic-mirror.ts';
import { mirrorTags, saysCase } from '../../record/trail/mirror-tags.ts';
import type { EvidenceDeps } from '../collector.ts';
import { clientToken } from './client-token.ts';

/** Queries to Amazon's DNS, which security groups do not stop, are mirrored only where a filter says so. */
const dns = 'amazon-dns';

const createFilter = async ({ clients }: EvidenceDeps, theCase: Case): Promise<MirrorFilter> => {
  const { caseId } = theCase;
  const { TrafficMirrorFilter } = await clients.ec2.send(
    new CreateTrafficMirrorFilterCommand({
      Description: mirrorDescription(caseId),
      ClientToken: clientToken(caseId, 'filter'),
      TagSpecifications: [
        { ResourceType: 'traffic-mirror-filter', Tags: toTags(mirrorTags(theCase)) },
      ],
    }),
  );
  if (TrafficMirrorFilter?.TrafficMirrorFilterId === undefined) {
    throw new AwsRefusedError('EC2 made a traffic mirror filter and gave no id of it.');
  }
  return toMirrorFilter(TrafficMirrorFilter);
};

const addRule = async (
  { clients }: EvidenceDeps,
  { id }: MirrorFilter,
  { egress, number, source, destination }: MirrorRule,
): Promise<void> => {
  const TrafficDirection = egress ? 'egress' : 'ingress';
  try {
    await clients.ec2.send(
      new CreateTrafficMirrorFilterRuleCommand({
        TrafficMirrorFilterId: id,
        TrafficDirection,
        RuleNumber: number,
        RuleAction: 'accept',
        SourceCidrBlock: source,
        DestinationCidrBlock: destination,
        ClientToken: clientToken(id, TrafficDirection, number),
      }),
    );
  } catch (error) {
    if (codeOf(error) !== 'TrafficMirrorFilterRuleAlreadyExists') throw error;
  }
};

/**
 * The filter of a case, made where there is none, with every rule: a call that died may have left it without.
 * One that bears the tags of the case and has a rule that is not Cordon's is not used, because it may hide
 * packets from the examiners.
 *
 * @throws what EC2 answers.
 */
export const ensureFilter = async (deps: EvidenceDeps, theCase: Case): Promise<MirrorFilter> => {
  const found = await readMirrorFilters(deps.clients.ec2, mirrorDescription(theCase.caseId));
  const filter =
    found.find((one) => saysCase(one.tags, theCase) && !hasForeignRule(one)) ??
    (await createFilter(deps, theCase));
  for (const rule of mirrorRules) {
    if (!filter.rules.some((one) => isSameRule(one, rule))) await addRule(deps, filter, rule);
  }
  if (!filter.services.includes(dns)) {
    await deps.clients.ec2.send(
      new ModifyTrafficMirrorFilterNetworkServicesCommand({
        TrafficMirrorFilterId: filter.id,
        AddNetworkServices: [dns],
      }),
    );
  }
  return filter;
};
