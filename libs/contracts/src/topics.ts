/** A topic: what its events are about, and the app that publishes them. */
export interface Topic {
  about: string;
  app: string;
}

/** One for each module that publishes. */
export const TOPICS: Record<string, Topic> = {
  'user-events': { about: 'Who is known to the shop.', app: 'store-manager' },
  'product-events': { about: 'What the shop sells.', app: 'store-manager' },
  'stock-events': { about: 'What was counted in stock.', app: 'store-manager' },
  'order-events': { about: 'What became of the orders.', app: 'store-manager' },
  'payment-events': { about: 'What became of the payments of the orders.', app: 'payments' },
};

/** How a topic is made. Retention is that of the lab: a week, or 1 GiB, in segments of 200 MiB. */
export const PARTITIONS = 3;
export const TOPIC_CONFIGURATION = {
  'cleanup.policy': ['delete'],
  'retention.ms': 168 * 3_600_000,
  'retention.bytes': 1024 ** 3,
  'segment.bytes': 200 * 1024 ** 2,
};
