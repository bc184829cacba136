const region = (prefix: string): RegExp => new RegExp(`^${prefix}-[a-z]+-\\d+$`);

/** The partitions of AWS, each with its Regions by their names, as the SDKs of AWS know them. */
export const partitions = {
  aws: region('(?:us|eu|ap|sa|ca|me|af|il|mx)'),
  'aws-cn': region('cn'),
  'aws-us-gov': region('us-gov'),
  'aws-eusc': region('eusc-de'),
  'aws-iso': region('us-iso'),
  'aws-iso-b': region('us-isob'),
  'aws-iso-e': region('eu-isoe'),
  'aws-iso-f': region('us-isof'),
} as const;

export type Partition = keyof typeof partitions;

const names = Object.keys(partitions) as readonly Partition[];

/**
 * The partition of a Region (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html);
 * undefined for a Region that is in none of those known: it must not pass for a commercial one.
 */
export const partitionOf = (name: string): Partition | undefined =>
  names.find((partition) => partitions[partition].test(name));
