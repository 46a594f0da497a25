/** What KMS says about a key in one Region. What it did not say is undefined. */
export interface Answer {
  /** ARN of the key in that Region. */
  readonly keyArn: string;
  readonly region: string;
  /** State of the key, `Enabled`. */
  readonly state?: string;
  readonly trackedSince?: Date;
  /** The last successful cryptographic operation; undefined where there was none since tracking began. */
  readonly lastUse?: LastUse;
  /** Why the last use is not known. */
  readonly problem?: string;
}

export interface LastUse {
  readonly operation: string;
  readonly at: Date;
  readonly cloudTrailEventId?: string;
}

/** What an answer says about a time without use: that it was one, that it was not, or neither, and why. */
export type Judgement = { readonly unused: true } | { readonly unused: false | 'unknown'; readonly because: string };

/** Whether the key was without use for so many seconds, up to now. */
export function judge({ problem, lastUse, trackedSince }: Answer, seconds: number, now: Date): Judgement {
  const since = now.getTime() - seconds * 1000;
  if (problem !== undefined) {
    return { unused: 'unknown', because: problem };
  }
  if (lastUse !== undefined) {
    return lastUse.at.getTime() > since ? { unused: false, because: 'it was used in this time' } : { unused: true };
  }
  return trackedSince !== undefined && trackedSince.getTime() <= since
    ? { unused: true }
    : { unused: 'unknown', because: 'KMS has not tracked its use for so long' };
}
