/** Work that goes on in the background until it is stopped, and the rests that it takes meanwhile. */
export class Background {
  private running?: Promise<void>;
  private ending = false;
  private awake = false;
  private wake: () => void = () => undefined;

  constructor(
    /** Ends soon after `stopping` is true, or when there is nothing left to do. */
    private readonly work: () => Promise<void>,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  get stopping(): boolean {
    return this.ending;
  }

  /** True when it was stirred since begin(). */
  get stirred(): boolean {
    return this.awake;
  }

  /** Nothing while it runs. */
  start(): void {
    this.ending = false;
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when the work has ended. */
  async stop(): Promise<void> {
    this.ending = true;
    this.wake();
    await this.running;
  }

  /** From here on a stir counts, also before the next rest. */
  begin(): void {
    this.awake = false;
  }

  /** There is something to do. */
  stir(): void {
    this.awake = true;
    this.wake();
  }

  /** Until it is stirred or stopped, or for so long; deeply: a stir does not end it. */
  async rest(milliseconds: number, { deeply = false } = {}): Promise<void> {
    if (this.ending || (this.awake && !deeply)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        if (deeply && !this.ending) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
