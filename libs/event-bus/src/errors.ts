import type { Lane } from './progress';

/**
 * Events between a consumer's place and the next one that it was given have never reached it: retention has passed it,
 * or somebody has changed the log. It stops there, and looks again now and then: nothing is passed over in silence.
 */
export class EventsMissing extends Error {
  override name = 'EventsMissing';

  constructor(consumer: string, { source, topic, partition }: Lane, reached: number, previous: number) {
    const way = topic ? ` on ${topic}, partition ${partition}` : '';
    super(
      `${consumer} has taken the events of log ${source}${way} up to position ${reached}. The next one says that ` +
        `${previous} came before it: what lies between is missing. It goes on when that is there.`,
    );
  }
}

/** Another process has swapped in another instance of the consumer. This one takes nothing more. */
export class InstanceReplaced extends Error {
  override name = 'InstanceReplaced';

  constructor(instance: string) {
    super(`${instance} has been replaced by another instance. This process will go over to that one in a moment.`);
  }
}
