import type { PolicySettings } from '../../src/triggers/policy.ts';

/** The defaults of the template, and what a test sets. */
export const policySettings = (changes: Partial<PolicySettings> = {}): PolicySettings => ({
  mode: 'contain',
  modeBySeverity: {},
  minimumSeverity: 7,
  includeTypes: [],
  excludeTypes: [],
  alarmNames: [],
  exemptAccounts: [],
  exemptTag: '',
  containerHosts: 'ask',
  containExfiltration: false,
  ...changes,
});
