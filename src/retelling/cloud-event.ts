/** A management event of CloudTrail. */
export interface CloudEvent {
  readonly requestId: string;
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** An ARN, or what AWS calls itself. */
  readonly who: string;
  /** An address, or the name of a service. */
  readonly from: string;
  readonly userAgent: string;
  readonly errorCode?: string;
}
