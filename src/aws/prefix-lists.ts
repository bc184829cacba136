import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateGetManagedPrefixListEntries } from '@aws-sdk/client-ec2';
import { wholeList } from './pages.ts';

export const prefixListPermissions = ['ec2:GetManagedPrefixListEntries'] as const;

/** A page holds at most 100 (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetManagedPrefixListEntries.html). */
const entriesPerPage = 100;

/** The ranges of a prefix list, of AWS's or of a customer's. */
export const readPrefixList = async (ec2: EC2Client, id: string): Promise<readonly string[]> => {
  const ranges: string[] = [];
  const pages = paginateGetManagedPrefixListEntries(
    { client: ec2, pageSize: entriesPerPage },
    { PrefixListId: id },
  );
  for await (const { Entries } of pages) {
    ranges.push(...wholeList(Entries, 'prefix list entries').flatMap(({ Cidr }) => Cidr ?? []));
  }
  return ranges;
};
