/** What the containment does not cover, why, and what a person can do about it. */
export interface ResidualRisk {
  readonly risk: string;
  readonly explanation: string;
  readonly remedy: string;
}
