import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CaseReport } from '../case/report.ts';

/**
 * The figures of a case that has ended, as CloudWatch metrics in the log (embedded metric format):
 * SecondsToIsolate, SecondsFromFinding, CasesByStatus (per status), ControlsNotHolding (count).
 */
export const emitCaseMetrics = (report: CaseReport): void => {
  const metrics = new Metrics({ namespace: 'Cordon', serviceName: 'cordon' });
  if (report.secondsToIsolate !== undefined) {
    metrics.addMetric('SecondsToIsolate', MetricUnit.Seconds, report.secondsToIsolate);
  }
  if (report.secondsFromFinding !== undefined) {
    metrics.addMetric('SecondsFromFinding', MetricUnit.Seconds, report.secondsFromFinding);
  }
  const notHolding = report.proof.filter((one) => one.required && one.holds !== true).length;
  metrics.addMetric('ControlsNotHolding', MetricUnit.Count, notHolding);
  metrics.addMetadata('caseId', report.caseId);
  metrics.publishStoredMetrics();
  // A dimension of its own, so that an alarm can watch one status.
  metrics.addDimension('status', report.status).addMetric('CasesByStatus', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
};

/** A message that no topic took, counted as NotificationsRefused, so that an alarm can see it. */
export const emitNotificationRefused = (): void => {
  const metrics = new Metrics({ namespace: 'Cordon', serviceName: 'cordon' });
  metrics.addMetric('NotificationsRefused', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
};
