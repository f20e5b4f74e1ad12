import { kafkaBrokers, randomName } from './services';
import { kafkaClient } from './kafka';

/** Settings for a shop with topics and groups of its own on the broker of the services. */
export function ownTopics(): { onKafka: Record<string, string>; removeTopics: () => Promise<void> } {
  const prefix = `${randomName('shop')}-`;
  const removeTopics = async (): Promise<void> => {
    const admin = kafkaClient(kafkaBrokers()).admin();
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
    // A group of somebody who was killed still has its member for a while: it goes by itself.
    await admin.deleteGroups(groups.filter((group) => group.startsWith(prefix))).catch(() => undefined);
    await admin.disconnect();
  };
  return {
    onKafka: { EVENT_BUS: 'kafka', KAFKA_BROKERS: kafkaBrokers().join(), KAFKA_PREFIX: prefix },
    removeTopics,
  };
}
