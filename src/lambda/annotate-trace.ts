import { Tracer } from '@aws-lambda-powertools/tracer';

/** It patches nothing: what AWS calls cost is in the log, and the path to the cut stays as it is. */
const tracer = new Tracer({ serviceName: 'cordon', captureHTTPsRequests: false });

/**
 * Writes the case into the trace of this invocation, as the annotation `caseId`. One annotated
 * segment makes the whole trace of an execution findable by
 * `annotation.caseId = "…"`
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html), so the functions on
 * the path to the cut carry no tracer: it takes them a third longer to start. Outside Lambda it does
 * nothing.
 */
export const annotateTrace = (caseId: string): void => {
  if (!tracer.isTracingEnabled()) return;
  // Lambda's own segment takes no annotations: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-tracing.html
  const subsegment = tracer.getSegment()?.addNewSubsegment('## case');
  subsegment?.addAnnotation('caseId', caseId);
  subsegment?.close();
};
