import * as z from 'zod/mini';
import { isolationProfiles } from '../case/isolation-profile.ts';
import { askDefaults } from '../case/question.ts';
import type { Rule } from '../case/security-group.ts';
import {
  accountIds,
  cidrList,
  egressAllowList,
  flag,
  keyArn,
  modeBySeverity,
  modes,
  nameGlobs,
  numberBetween,
  topicArn,
  typeGlobs,
} from './setting-values.ts';

/** One row per variable: its schema, its default at run time, and what it accepts, in words. */
export const variables = {
  MODE: {
    key: 'mode',
    schema: z.enum(modes),
    fallback: 'observe',
    accepts: 'observe, ask or contain',
  },
  MODE_BY_SEVERITY: {
    key: 'modeBySeverity',
    schema: modeBySeverity,
    fallback: {} as Readonly<Record<string, string>>,
    accepts: 'modes of single bands, such as high=ask,critical=contain',
  },
  INCLUDE_TYPES: {
    key: 'includeTypes',
    schema: typeGlobs,
    fallback: [] as string[],
    accepts: 'patterns of finding types, such as *:EC2/*, separated by commas',
  },
  EXCLUDE_TYPES: {
    key: 'excludeTypes',
    schema: typeGlobs,
    fallback: [] as string[],
    accepts: 'patterns of finding types, such as Recon:*, separated by commas',
  },
  ALARM_NAMES: {
    key: 'alarmNames',
    schema: nameGlobs,
    fallback: [] as string[],
    accepts: 'patterns of names of alarms, separated by commas',
  },
  EXEMPT_ACCOUNTS: {
    key: 'exemptAccounts',
    schema: accountIds,
    fallback: [] as string[],
    accepts: 'account ids of 12 digits, separated by commas',
  },
  BRAKE_CASES_PER_HOUR: {
    key: 'brakeCasesPerHour',
    schema: numberBetween(1, 100),
    fallback: 5,
    accepts: 'a number from 1 to 100',
  },
  BRAKE_GROUP_PERCENT: {
    key: 'brakeGroupPercent',
    schema: numberBetween(1, 100),
    fallback: 50,
    accepts: 'a number from 1 to 100',
  },
  ASK_TIMEOUT_MINUTES: {
    key: 'askTimeoutMinutes',
    schema: numberBetween(1, 1440),
    fallback: 15,
    accepts: 'a number of minutes from 1 to 1440',
  },
  ASK_DEFAULT: {
    key: 'askDefault',
    schema: z.enum(askDefaults),
    fallback: 'contain',
    accepts: 'contain or leave-open',
  },
  CONTAINER_HOSTS: {
    key: 'containerHosts',
    schema: z.enum(['ask', 'contain']),
    fallback: 'ask',
    accepts: 'ask or contain',
  },
  UPDATE_SECURITY_HUB: {
    key: 'updateSecurityHub',
    schema: flag,
    fallback: false,
    accepts: 'true or false',
  },
  CONTAIN_EXFILTRATION: {
    key: 'containExfiltration',
    schema: flag,
    fallback: false,
    accepts: 'true or false',
  },
  NOTIFICATION_TOPIC_ARN: {
    key: 'notificationTopicArn',
    schema: topicArn,
    fallback: '',
    accepts: 'the ARN of an SNS topic',
  },
  HOST_DOCUMENT_NAME: {
    key: 'hostDocumentName',
    schema: z.string().check(z.regex(/^[A-Za-z0-9_.-]{3,128}$/)),
    fallback: '',
    accepts: 'the name of a document of Systems Manager',
  },
  TRAIL_KEY_ARN: {
    key: 'trailKeyArn',
    schema: keyArn,
    fallback: '',
    accepts: 'the ARN of a KMS key',
  },
  CHAT_TOPIC_ARN: {
    key: 'chatTopicArn',
    schema: topicArn,
    fallback: '',
    accepts: 'the ARN of an SNS topic',
  },
  MINIMUM_SEVERITY: {
    key: 'minimumSeverity',
    schema: numberBetween(0, 10),
    fallback: 7,
    accepts: 'a number from 0 to 10',
  },
  CONNECTION_CUT: {
    key: 'connectionCut',
    schema: z.enum(['transition', 'none']),
    fallback: 'transition',
    accepts: 'transition or none',
  },
  TRANSITION_HOLD_SECONDS: {
    key: 'transitionHoldSeconds',
    schema: numberBetween(0, 60),
    fallback: 1,
    accepts: 'a number of seconds from 0 to 60',
  },
  ISOLATION_PROFILE: {
    key: 'isolationProfile',
    schema: z.enum(isolationProfiles),
    fallback: 'full',
    accepts: isolationProfiles.join(' or '),
  },
  FORENSIC_CIDRS: {
    key: 'forensicCidrs',
    schema: cidrList,
    fallback: [] as string[],
    accepts: 'address ranges such as 203.0.113.0/24, separated by commas, never /0',
  },
  FORENSIC_SECURITY_GROUP_ID: {
    key: 'forensicSecurityGroupId',
    schema: z.string().check(z.regex(/^sg-[0-9a-f]{8,17}$/)),
    fallback: '',
    accepts: 'the id of a security group',
  },
  FORENSIC_UPLOAD_BUCKET: {
    key: 'forensicUploadBucket',
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    schema: z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
    fallback: '',
    accepts: 'the name of an S3 bucket',
  },
  EGRESS_ALLOW_LIST: {
    key: 'egressAllowList',
    schema: egressAllowList,
    fallback: [] as Rule[],
    accepts:
      'ways out such as tcp/443:10.0.0.0/16, tcp/5432:sg-0123456789abcdef0 or tcp/443:pl-0123456789abcdef0, separated by commas, never /0',
  },
  DETACH_MODE: {
    key: 'detachMode',
    schema: z.enum(['detach', 'standby']),
    fallback: 'detach',
    accepts: 'detach or standby',
  },
  NACL_ALLOW_LIST: {
    key: 'naclAllowList',
    schema: cidrList,
    fallback: [] as string[],
    accepts: 'address ranges such as 203.0.113.0/24, separated by commas, never /0',
  },
  FLOW_LOGS: {
    key: 'flowLogs',
    schema: flag,
    fallback: false,
    accepts: 'true or false',
  },
  MIRROR_TARGET_ID: {
    key: 'mirrorTargetId',
    schema: z.string().check(z.regex(/^tmt-[0-9a-f]{17}$/)),
    fallback: '',
    accepts: 'the id of a traffic mirror target',
  },
  SNAPSHOT_LOCK: {
    key: 'snapshotLock',
    schema: z.enum(['none', 'governance', 'compliance']),
    fallback: 'none',
    accepts: 'none, governance or compliance',
  },
  SNAPSHOT_LOCK_DAYS: {
    key: 'snapshotLockDays',
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LockSnapshot.html
    schema: numberBetween(1, 36_500),
    fallback: 365,
    accepts: 'a number of days from 1 to 36500',
  },
  FORENSIC_ACCOUNT_ID: {
    key: 'forensicAccountId',
    schema: z.string().check(z.regex(/^[0-9]{12}$/)),
    fallback: '',
    accepts: 'an account id of 12 digits',
  },
  FORENSIC_KMS_KEY_ARN: {
    key: 'forensicKmsKeyArn',
    schema: keyArn,
    fallback: '',
    accepts: 'the ARN of a KMS key',
  },
  TOOLKIT_SNAPSHOT_ID: {
    key: 'toolkitSnapshotId',
    schema: z.string().check(z.regex(/^snap-[0-9a-f]{17}$/)),
    fallback: '',
    accepts: 'the id of a snapshot',
  },
  MEMORY_FIRST_MINUTES: {
    key: 'memoryFirstMinutes',
    schema: numberBetween(0, 60),
    fallback: 0,
    accepts: 'a number of minutes from 0 to 60',
  },
  ON_DRIFT: {
    key: 'onDrift',
    schema: z.enum(['alert', 'enforce']),
    fallback: 'alert',
    accepts: 'alert or enforce',
  },
  REVIEW_AFTER_HOURS: {
    key: 'reviewAfterHours',
    schema: numberBetween(0, 8_760),
    fallback: 24,
    accepts: 'a number of hours from 0 to 8760',
  },
  EXEMPT_TAG: {
    key: 'exemptTag',
    schema: z.string().check(z.regex(/^[^=]{1,128}=.{0,256}$/)),
    fallback: '',
    accepts: 'key=value',
  },
} as const;
