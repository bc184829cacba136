/** What it takes to follow and record snapshots, whatever the stack opts into. */
export const snapshotPermissions = ['ec2:DescribeSnapshots'] as const;

/** What SnapshotLock adds. */
export const lockPermissions = ['ec2:DescribeLockedSnapshots', 'ec2:LockSnapshot'] as const;

/** What ForensicAccountId adds. */
export const sharePermissions = [
  'ec2:DescribeSnapshotAttribute',
  'ec2:ModifySnapshotAttribute',
] as const;

/**
 * What ForensicKmsKeyArn adds beside ForensicAccountId: the copy, and the use of that key for it
 * (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html).
 */
export const copyPermissions = [
  'ec2:CopySnapshot',
  'ec2:CreateTags',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;
