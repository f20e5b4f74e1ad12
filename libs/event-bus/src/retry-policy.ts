/** When a parked stream is tried again. The delay doubles with each try, up to the longest, half of it at random. */
export interface RetryPolicy {
  firstDelayMs: number;
  longestDelayMs: number;
  /** So many tries, then it waits for a person. */
  limit: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { firstDelayMs: 1_000, longestDelayMs: 600_000, limit: 12 };

/** The time of the next try in milliseconds since 1970; null past the limit. */
export function nextAttempt({ firstDelayMs, longestDelayMs, limit }: RetryPolicy, attempts: number): number | null {
  if (attempts >= limit) return null;
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, attempts - 2));
  return Date.now() + Math.round(delay * (0.5 + Math.random() / 2));
}
