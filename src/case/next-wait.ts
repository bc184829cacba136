const firstWaitSeconds = 5;
const longestWaitSeconds = 900;

/** Twice as long as before, up to a quarter of an hour: a snapshot of a large volume takes hours. In seconds. */
export const nextWait = (waitedSeconds: number | undefined): number =>
  waitedSeconds === undefined
    ? firstWaitSeconds
    : Math.min(longestWaitSeconds, Math.max(firstWaitSeconds, waitedSeconds * 2));
