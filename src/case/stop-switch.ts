import { quoted } from './quoted.ts';

/** Everything automatic is stopped: from when until when, by whom and why, in their own words. */
export interface Stop {
  readonly since: Date;
  readonly until: Date;
  readonly who: string;
  readonly reason: string;
}

const hour = 3_600_000;

/** How long a stop lasts by default, in hours. */
export const usualStopHours = 4;

/** How long a stop can last at most, in hours, so that a forgotten stop ends. */
export const longestStopHours = 24;

const longestWords = 500;

/**
 * The parameter that holds the switch of a stack. It is no resource of the stack, so that no deploy
 * switches anything on again.
 */
export const stopParameterOf = (stackName: string): string => `/cordon/${stackName}/stop`;

/** How the reason of a case begins that the switch has kept from being contained. */
export const stoppedWord = 'STOPPED:';

/** A stop that begins now. */
export const stopFrom = (
  now: Date,
  hours: number,
  { who, reason }: Pick<Stop, 'who' | 'reason'>,
): Stop => ({
  since: now,
  until: new Date(now.getTime() + hours * hour),
  who: who.slice(0, longestWords),
  reason: reason.slice(0, longestWords),
});

/** What is written into the parameter. */
export const stopText = ({ until, who, reason }: Stop): string =>
  JSON.stringify({ until: until.toISOString(), who, reason });

const textIn = (value: object, key: string): string => {
  const found = (value as Readonly<Record<string, unknown>>)[key];
  return typeof found === 'string' ? found.slice(0, longestWords) : '';
};

const parsed = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The switch, from what stands in its parameter. It ends a day after AWS says that it was written,
 * whatever the text says.
 *
 * @param writtenAt when AWS says that the parameter was last changed.
 * @returns `over` when it has ended, `unreadable` when the text is none of Cordon's.
 */
export const stopIn = (text: string, writtenAt: Date, now: Date): Stop | 'over' | 'unreadable' => {
  const value = parsed(text);
  const named = Date.parse(value === undefined ? '' : textIn(value, 'until'));
  if (value === undefined || Number.isNaN(named)) return 'unreadable';
  const until = new Date(Math.min(named, writtenAt.getTime() + longestStopHours * hour));
  if (until <= now) return 'over';
  return {
    since: writtenAt,
    until,
    who: textIn(value, 'who') || 'unknown',
    reason: textIn(value, 'reason') || 'none',
  };
};

/** A time as people read it, in whole minutes: `2026-11-25T21:43Z`. */
export const minuteOf = (date: Date): string => `${date.toISOString().slice(0, 16)}Z`;

/** Who has stopped it, until when and why, for a sentence that says what would have been done. */
export const whyStopped = ({ until, who, reason }: Stop): string =>
  `${quoted(who, 100)} stopped everything automatic until ${minuteOf(until)}: ${quoted(reason)}`;

/**
 * Whether people are to be reminded of a stop: once an hour, by whoever looks every so many minutes.
 */
export const isReminderDue = ({ since }: Stop, now: Date, everyMinutes: number): boolean => {
  const hoursAt = (time: number): number => Math.floor((time - since.getTime()) / hour);
  const hours = hoursAt(now.getTime());
  return hours >= 1 && hours > hoursAt(now.getTime() - everyMinutes * 60_000);
};
