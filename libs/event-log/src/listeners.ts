import { tell } from './unit-of-work';

/** Who wants to be told. */
export class Listeners {
  private readonly all = new Set<() => void>();

  /** Returns the way out. */
  add(listener: () => void): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  tell(): void {
    for (const listener of this.all) tell(listener);
  }
}
