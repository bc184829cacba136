import * as z from 'zod/mini';
import {
  accountIdSchema,
  filled,
  lenient,
  lenientList,
  lenientOwn,
  momentSchema,
  numberSchema,
  regionSchema,
} from '../schema.ts';

/**
 * The fields that decide something of a finding in the AWS Security Finding Format
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html).
 */
const asffSeverity = z.object({
  Original: lenient(z.string()),
  Normalized: lenient(numberSchema),
  Label: lenient(z.string()),
});

const asffResource = z.object({
  Type: lenient(z.string()),
  Id: lenient(z.string()),
  Region: lenient(regionSchema),
  Tags: lenient(z.record(z.string(), z.catch(z.string(), ''))),
});

export const asffSchema = z.object({
  Id: lenient(filled),
  ProductArn: lenient(z.string()),
  AwsAccountId: lenientOwn(accountIdSchema),
  Region: lenientOwn(regionSchema),
  Types: lenientList(z.string()),
  Title: lenient(z.string()),
  Severity: lenient(asffSeverity),
  FindingProviderFields: lenient(
    z.object({ Severity: lenient(asffSeverity), Types: lenientList(z.string()) }),
  ),
  FirstObservedAt: lenient(momentSchema),
  LastObservedAt: lenient(momentSchema),
  UpdatedAt: lenient(momentSchema),
  Resources: lenientList(asffResource),
  ProductFields: lenient(z.record(z.string(), z.catch(z.string(), ''))),
  Compliance: z.optional(z.unknown()),
  Workflow: lenient(z.object({ Status: lenient(z.string()) })),
  WorkflowState: lenient(z.string()),
  RecordState: lenient(z.string()),
  Sample: lenient(z.boolean()),
  Note: lenient(z.object({ UpdatedBy: lenient(z.string()) })),
});

const ocsfResource = z.object({
  type: lenient(z.string()),
  uid: lenient(z.string()),
  region: lenient(regionSchema),
  tags: lenientList(z.object({ name: z.string(), value: lenient(z.string()) })),
});

/** The same of a finding in the Open Cybersecurity Schema Framework (https://schema.ocsf.io). */
export const ocsfSchema = z.object({
  class_uid: lenient(numberSchema),
  severity_id: lenient(numberSchema),
  status_id: lenient(numberSchema),
  comment: lenient(z.string()),
  time_dt: lenient(momentSchema),
  cloud: lenient(
    z.object({
      account: lenient(z.object({ uid: lenientOwn(accountIdSchema) })),
      region: lenientOwn(regionSchema),
    }),
  ),
  finding_info: lenient(
    z.object({
      uid: lenient(filled),
      title: lenient(z.string()),
      types: lenientList(z.string()),
      first_seen_time_dt: lenient(momentSchema),
      last_seen_time_dt: lenient(momentSchema),
      modified_time_dt: lenient(momentSchema),
      created_time_dt: lenient(momentSchema),
    }),
  ),
  metadata: lenient(
    z.object({
      product: lenient(z.object({ name: lenient(z.string()), uid: lenient(z.string()) })),
    }),
  ),
  resources: lenientList(ocsfResource),
});

export const eventSchema = z.object({
  'detail-type': lenient(z.string()),
  time: lenient(momentSchema),
  account: lenient(accountIdSchema),
  region: lenient(regionSchema),
  detail: lenient(
    z.object({ findings: lenientList(z.unknown()), actionName: lenient(z.string()) }),
  ),
});

export type Asff = z.infer<typeof asffSchema>;
export type Ocsf = z.infer<typeof ocsfSchema>;
