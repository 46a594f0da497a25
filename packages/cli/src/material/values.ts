import { InvalidArgumentError } from 'commander';

const DAY = 24 * 60 * 60 * 1000;
/** Days that imported material can be valid. */
const MAX_DAYS = 365;

/** An instant of the option `--valid-to`: a date, or so many days from now. */
export function validTo(text: string): Date {
  const days = /^(\d{1,3})d$/.exec(text)?.[1];
  const instant = days === undefined ? dateOf(text) : new Date(Date.now() + Number(days) * DAY);
  const ahead = instant.getTime() - Date.now();
  if (!(ahead > 0 && ahead <= MAX_DAYS * DAY)) {
    throw new InvalidArgumentError(`It must be within the next ${MAX_DAYS} days, e.g. 90d or 2027-03-31T00:00:00Z.`);
  }
  return instant;
}

/** A date alone is midnight UTC; a time without zone would mean another instant on every machine. */
function dateOf(text: string): Date {
  const [, day = ''] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  const midnight = new Date(day);
  // JavaScript takes 30 February for 2 March.
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return isDay ? new Date(text) : new Date(Number.NaN);
}

export const WRAPPING_KEY_SPECS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
