import type { Fields, TriggerKind } from '../trigger.ts';
import { customAction, imported, importedV2, parseSecurityHubEvent } from './parse.ts';

const source = 'aws.securityhub';
const detailTypes = [imported, customAction, importedV2];

const isAsff = (value: Fields): boolean =>
  Array.isArray(value.Resources) && ('ProductArn' in value || 'GeneratorId' in value);

const isOcsf = (value: Fields): boolean =>
  typeof value.class_uid === 'number' && 'finding_info' in value;

/** A finding alone, as GetFindings and GetFindingsV2 answer it. */
const inEnvelope = (event: Fields): Fields | undefined => {
  if (isAsff(event)) return { source, 'detail-type': imported, detail: { findings: [event] } };
  return isOcsf(event)
    ? { source, 'detail-type': importedV2, detail: { findings: [event] } }
    : undefined;
};

/** Findings of Security Hub, in the AWS and in the open format, and what a person orders there. */
export const securityHub: TriggerKind = {
  source: 'security-hub',
  patterns: [{ source: [source], 'detail-type': detailTypes }],
  inEnvelope,
  recognises: (event) =>
    event.source === source && detailTypes.some((one) => one === event['detail-type']),
  parse: parseSecurityHubEvent,
};
