/** Time as a parameter, so that tests can script it. */
export interface Clock {
  /** Monotonic milliseconds with sub-microsecond resolution; only differences mean anything. */
  nowMs(): number;
  /** Wall-clock time as an ISO 8601 string in UTC. */
  timestamp(): string;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  timestamp: () => new Date().toISOString(),
};
