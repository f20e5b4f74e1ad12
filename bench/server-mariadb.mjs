// One store on MariaDB and Kafka, in a process of its own: `node bench/server-mariadb.mjs <ours | plain> <url> <prefix>`.
// `plain` is the same Nest app and route the plain way: TypeORM's save() in a transaction, emit() after the commit.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { ClientKafka } = require('@nestjs/microservices');
const { lastValueFrom } = require('rxjs');
const { DataSource } = require('typeorm');
const lib = (path) => require(`../dist/libs/${path}.js`);
const { openBackbone } = lib('event-bus/src/index');
const { Relay } = lib('event-bus/src/relay');
const { KafkaPublisher } = lib('event-bus/src/drivers/kafka/kafka.publisher');
const { serve } = lib('hosting/src/index');
const orders = '../dist/apps/store-manager/src/orders';
const { AddOrderHandler } = require(`${orders}/commands/add-order.js`);
const { Order, OrderItem } = require(`${orders}/order.js`);
const { User } = require('../dist/apps/store-manager/src/users/user.js');
const { Product } = require('../dist/apps/store-manager/src/products/product.js');
const { Stock } = require('../dist/apps/store-manager/src/stocks/stock.js');
const { StoreManagerModule, StoreManagerSettings } = require('../dist/apps/store-manager/src/index.js');

const [, , kind, url, prefix] = process.argv;
const brokers = (process.env.KAFKA_BROKERS || '127.0.0.1:9092').split(',');
const backbone = await openBackbone({ url, modules: [StoreManagerModule] });
await backbone.log.transaction((tx) => tx.rows.query('UPDATE stocks SET quantity = 2000000000'));
if (kind === 'ours') new Relay(backbone.log, () => new KafkaPublisher({ brokers, topicPrefix: prefix })).start();
else AddOrderHandler.prototype.execute = await plainWay();

async function plainWay() {
  const { hostname: host, port, username, password, pathname } = new URL(url);
  const dataSource = await new DataSource({
    type: 'mysql',
    host,
    port: Number(port || 3306),
    username,
    password,
    database: pathname.slice(1),
    entities: [User, Product, Stock, Order, OrderItem],
    poolSize: 10,
    bigNumberStrings: false,
  }).initialize();
  const client = new ClientKafka({
    client: { brokers },
    producerOnlyMode: true,
    producer: { idempotent: true, maxInFlightRequests: 1 },
    send: { acks: -1 },
  });
  await client.connect();
  return async ({ user_id, items }) => {
    const { order, lines } = await dataSource.transaction(async (rows) => {
      const user = await rows.findOneByOrFail(User, { id: user_id });
      const found = [];
      for (const { product_id, quantity } of items) {
        const product = await rows.findOneByOrFail(Product, { id: product_id });
        await rows.decrement(Stock, { product_id }, 'quantity', quantity);
        found.push({ product_id, name: product.name, quantity, unit_price_cents: product.price_cents });
      }
      const total_cents = found.reduce((sum, line) => sum + line.quantity * line.unit_price_cents, 0);
      const about = { user_id, user_name: user.name, user_email: user.email, total_cents };
      const saved = await rows.save(Order, {
        ...about,
        payment_id: null,
        payment_link: null,
        is_paid: false,
        created_at: Date.now(),
      });
      await rows.save(
        OrderItem,
        found.map((line) => ({ order_id: saved.id, ...line })),
      );
      return { order: saved, lines: found };
    });
    await lastValueFrom(
      client.emit(`${prefix}order-events`, {
        key: `order-${order.id}`,
        value: JSON.stringify({ event: 'OrderCreated', ...order, items: lines }),
      }),
    );
    return { order_id: order.id };
  };
}

const store = await serve(StoreManagerModule.with(backbone, new StoreManagerSettings()), {
  host: '127.0.0.1',
  port: 0,
  setting: 'PORT',
});
process.send({ port: store.getHttpServer().address().port });
