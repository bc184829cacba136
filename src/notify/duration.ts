const units = [
  ['day', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** A number of seconds as people say it: `9 s`, `47 min`, `3 h`, `4 days`. */
export const duration = (seconds: number): string => {
  const [unit, length] = units.find(([, one]) => seconds >= 2 * one) ?? ['s', 1];
  const count = Math.round(seconds / length);
  return `${count} ${unit === 'day' ? 'days' : unit}`;
};
