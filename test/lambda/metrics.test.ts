import { afterEach, describe, expect, it, vi } from 'vitest';
import { emitDriftMetrics } from '../../src/lambda/metrics.ts';

/** What CloudWatch finds in the log: the figures by their names. */
const figuresOf = (checked: Parameters<typeof emitDriftMetrics>[0]): Record<string, unknown> => {
  const lines: string[] = [];
  // Else the figures go to a console of their own, past this one.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  emitDriftMetrics(checked);
  expect(lines).toHaveLength(1);
  const figures = JSON.parse(lines[0] ?? '{}');
  const names = figures._aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
  return Object.fromEntries(names.map((name: string) => [name, figures[name]]));
};

afterEach(() => vi.unstubAllEnvs());

describe('the figures of a scheduled check', () => {
  it('are nought where nothing is contained: an alarm then goes back to OK', () => {
    expect(figuresOf([])).toEqual({ OpenCases: 0, DriftedControls: 0 });
  });

  it('count the open cases, and every control of every one that does not hold', () => {
    const checked = [
      { drifted: [] },
      { drifted: ['eni-groups', 'group-rules'] },
      { drifted: ['snapshots'] },
    ];
    expect(figuresOf(checked)).toEqual({ OpenCases: 3, DriftedControls: 3 });
  });
});
