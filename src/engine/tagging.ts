import type { Deps } from '../aws/clients.ts';
import { writeTags } from '../aws/tags.ts';
import type { Tags } from '../record/trail/tags.ts';
import type { Change } from './change.ts';

/** The change that writes these tags to one resource. */
export const tagging = ({ clients }: Deps<'ec2'>, resource: string, tags: Tags): Change => ({
  call: 'ec2:CreateTags',
  resource,
  before: 'the tags that it has',
  after: `with ${Object.keys(tags).join(', ')}`,
  send: (dryRun) => writeTags(clients.ec2, [resource], tags, dryRun),
});
