import type { Logger } from '@nestjs/common';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/** While what everything depends on is away: waits that double, until something works again. */
export class Pause {
  private lengthMs = 0;
  private until = 0;

  constructor(private readonly logger: Logger) {}

  /** So long nothing is to be tried. In milliseconds. */
  get left(): number {
    return Math.max(0, Math.ceil(this.until - performance.now()));
  }

  /** True when something has worked since. */
  get over(): boolean {
    return this.lengthMs === 0;
  }

  begin(error: unknown): void {
    // The others that were under way when it began say the same.
    if (this.left > 0) return;
    if (this.over) this.logger.warn(`pauses: ${(error as Error).message}`);
    this.lengthMs = Math.min(LONGEST_PAUSE_MS, this.lengthMs * 2 || FIRST_PAUSE_MS);
    this.until = performance.now() + this.lengthMs;
  }

  end(): void {
    if (this.over) return;
    this.lengthMs = 0;
    this.until = 0;
    this.logger.log('goes on');
  }
}
