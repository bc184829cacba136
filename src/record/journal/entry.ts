import * as z from 'zod/mini';

/** Kinds of entries of the journal of a case. */
export const entryKinds = [
  /** What began the case, or came while it was open. */
  'finding',
  /** What was decided of it, and why. */
  'decision',
  /** A step of the runbook, with its outcome. */
  'step',
  /** A change, with what was before and after, and what gives it back. */
  'change',
  /** One call of AWS, as it was sent and answered. */
  'call',
  /** How the case stands: open, contained, released. */
  'status',
  /** A message to people. */
  'message',
  /** What the watch has found. */
  'drift',
] as const;

const schema = z.object({
  /** Unique within the case: who reads an entry twice knows it by this. */
  id: z.string(),
  kind: z.enum(entryKinds),
  /** When it began, by the clock of who wrote it; ISO 8601 in UTC. */
  at: z.string(),
  /** When it ended; absent for what has no duration. */
  until: z.optional(z.string()),
  /** AWS's time in the answer to the call (its `Date` header, whole seconds); ISO 8601 in UTC. */
  awsAt: z.optional(z.string()),
  /** The ARN of who did it, or the name of the function where the ARN could not be had. */
  actor: z.string(),
  /** The logical name of the function, or `cordon` for the command. */
  program: z.string(),
  /** The version of the function (`$LATEST`), or of the command. */
  version: z.optional(z.string()),
  /** SHA-256 of the code that ran, in hexadecimal. */
  codeSha256: z.optional(z.string()),
  /** Of a step: its name. */
  step: z.optional(z.string()),
  /** Of a call or a change: `ec2:ModifyNetworkInterfaceAttribute`. */
  call: z.optional(z.string()),
  /** The resource of AWS that it is about. */
  resource: z.optional(z.string()),
  /** What was sent. */
  parameters: z.optional(z.unknown()),
  /** What was answered to a call that only reads, and on which decisions rest. */
  answer: z.optional(z.unknown()),
  /** Finds the call in CloudTrail. */
  requestId: z.optional(z.string()),
  /** How often the SDK sent it. */
  attempts: z.optional(z.number()),
  /** Of a change: what was there, and what is there now, in words. */
  before: z.optional(z.string()),
  after: z.optional(z.string()),
  /** Of a change: the commands that give it back. */
  undo: z.optional(z.array(z.string())),
  outcome: z.optional(z.string()),
  error: z.optional(z.object({ code: z.string(), message: z.string() })),
  /** One sentence for people. */
  sentence: z.optional(z.string()),
  /** What else belongs to it: the trigger of a finding, the detail of a step, the ids of a message. */
  detail: z.optional(z.unknown()),
});

/** One entry of the journal of a case: what was done or learned, by whom, when, and how it ended. */
export type JournalEntry = z.infer<typeof schema>;

/** What an entry says beside who wrote it, with which code. */
export type NewEntry = Omit<JournalEntry, 'id' | 'actor' | 'program' | 'version' | 'codeSha256'>;

/** An entry as it was read; undefined for anything that is none. */
export const readEntry = (value: unknown): JournalEntry | undefined =>
  schema.safeParse(value, { reportInput: false }).data;
