import { files, onBothDatabases } from '@magasin/event-log/testing';
import { needs } from '../../../../tests/needs';
import { crashContract } from '../contract/crash.contract';
import { eventBusContract } from '../event-bus.contract';
import { kafkaHarness, kafkaServerHarness } from './kafka/kafka.harness';

/** On a server too the whole suite, which takes its time, and not only what dies in the middle: CONTRACT=whole. */
const WHOLE = process.env.CONTRACT === 'whole';

needs('kafka')('The Kafka driver', () =>
  onBothDatabases('with its progress', (databases) => {
    if (databases === files) eventBusContract('Kafka driver', kafkaHarness);
    else if (WHOLE) eventBusContract('Kafka driver', kafkaServerHarness);
    else crashContract(kafkaServerHarness);
  }),
);
