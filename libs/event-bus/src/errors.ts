import { PARTITIONS } from '@magasin/contracts';
import type { Lane } from './progress';

/**
 * Events between a consumer's place and the next one that it was given have never reached it: retention has passed it,
 * or somebody has changed the log. It stops there, and looks again now and then: nothing is passed over in silence.
 */
export class EventsMissing extends Error {
  override name = 'EventsMissing';

  constructor(
    consumer: string,
    { source, topic, partition }: Lane,
    readonly reached: number,
    readonly previous: number,
  ) {
    const way = topic ? ` on ${topic}, partition ${partition}` : '';
    super(
      `${consumer} has taken the events of log ${source}${way} up to position ${reached}. The next one says that ` +
        `${previous} came before it: what lies between is missing. It goes on when that is there.`,
    );
  }
}

/** The consumer takes its events from topics: in another process just now, or because they are of another database's log. */
export class HandedOver extends Error {
  override name = 'HandedOver';

  constructor(consumer: string) {
    super(
      `${consumer} takes its events from Kafka: another process of the shop has that bus, or some of them come from the ` +
        'log of another database. Start this one with EVENT_BUS=kafka too.',
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

/** A topic is there, but not with as many partitions as all programs of the shop count on. Nothing works with it then. */
export class PartitionsDiffer extends Error {
  override name = 'PartitionsDiffer';

  constructor(topic: string, found: number) {
    super(
      `The topic ${topic} has ${found} partitions, and this program counts on ${PARTITIONS}: the order of its streams ` +
        'would break. Give it the right number, or remove it while nobody uses it: then it is made anew.',
    );
  }
}
