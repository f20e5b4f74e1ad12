import { logLevel } from 'kafkajs';
import { Kafka } from '../libs/event-bus/src/mend-kafkajs';

/** A client of somebody else's: it knows nothing of ours, and is silent. */
export const kafkaClient = (brokers: string[]): Kafka =>
  new Kafka({ brokers, clientId: 'stranger', logLevel: logLevel.NOTHING });
