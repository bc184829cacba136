/** What was read, or why it could not be, in words. */
export type Read<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly why: string };

/** What Systems Manager tells of the agent on the host. */
export interface Agent {
  readonly online: boolean;
  /** As the agent says, `3.3.1000.0`; undefined for what is no version: the host writes it. */
  readonly version?: string;
}

/** One thing that stands in the way, or that is not known (then without `missing`). */
export interface Finding {
  readonly missing?:
    | 'profile'
    | 'interface'
    | 'ssm-endpoint'
    | 'ssmmessages-endpoint'
    | 'ec2messages-endpoint'
    | 'private-dns'
    | 'endpoint-inbound'
    | 'endpoint-policy'
    | 'upload-bucket'
    | 'upload-way'
    | 'agent';
  /** A part of a sentence: what it is, and what to do. */
  readonly words: string;
}

/** The example that makes what is missing. */
export const example = 'examples/forensic-endpoints.yaml';
