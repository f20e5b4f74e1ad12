import type { ConsumerStatus } from '../event-bus';

/** Brings one consumer, or one instance of it, what it has not taken. */
export interface Runner {
  start(): void;
  /** Ends the batches in hand and commits them. It may be started again. */
  stop(): Promise<void>;
  /** Something may be due that it does not know of. */
  look(): void;
  status(): Promise<ConsumerStatus>;
}
