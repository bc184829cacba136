import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Arrival } from '../case/arrival.ts';
import { arrivalMetrics, arrivalNamespace, topicNameOf } from '../case/arrival.ts';
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

/**
 * What a scheduled check of the open cases found: how many there are, and how many of their
 * required controls do not hold, so that an alarm tells once when that begins.
 */
export const emitDriftMetrics = (
  checked: readonly { readonly drifted: readonly string[]; readonly error?: string }[],
): void => {
  const metrics = new Metrics({ namespace: 'Cordon', serviceName: 'cordon' });
  const drifted = checked.flatMap((one) => one.drifted).length;
  metrics.addMetric('OpenCases', MetricUnit.Count, checked.length);
  metrics.addMetric('DriftedControls', MetricUnit.Count, drifted);
  metrics.publishStoredMetrics();
};

/**
 * An event that shows by its arrival that a way to Cordon is open, counted under the topic of the
 * stack, so that two stacks of one Region cannot stand in for each other.
 */
export const emitArrival = (arrival: Arrival, notificationTopicArn: string): void => {
  const metrics = new Metrics({ namespace: arrivalNamespace, serviceName: 'cordon' });
  metrics.addDimension('topic', topicNameOf(notificationTopicArn));
  metrics.addMetric(arrivalMetrics[arrival], MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
};
