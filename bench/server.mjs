// One server of a comparison, in a process of its own: `node bench/server.mjs <kind> <database>`. It tells its port.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { Controller, Get, Module } = require('@nestjs/common');
const lib = (name) => require(`../dist/libs/${name}/src/index.js`);
const { openBackbone, on } = lib('event-bus');
const { serve } = lib('hosting');
const { UserCreated } = lib('contracts');
const { StoreManagerModule, StoreManagerSettings } = require('../dist/apps/store-manager/src/index.js');
const { PaymentsModule, PaymentsSettings } = require('../dist/apps/payments/src/index.js');
const { CoolrielModule, CoolrielSettings } = require('../dist/apps/coolriel/src/index.js');

const [, , kind, folder] = process.argv;
let statements = 0;

class CreateEffects1764000009000 {
  async up(runner) {
    await runner.query('CREATE TABLE effect (position INTEGER PRIMARY KEY, stream TEXT NOT NULL) STRICT');
  }
}

const backbone = await openBackbone({
  url: `sqlite:${folder}/bench.sqlite`,
  modules: [StoreManagerModule, PaymentsModule, CoolrielModule],
  migrations: [CreateEffects1764000009000],
  ...(kind === 'idle' && { onStatement: () => (statements += 1) }),
});
const { log, bus } = backbone;

/** The kinds differ in what the same route does: everything, the row alone, or nothing. */
const logs = {
  nothing: { transaction: async () => ({ user_id: 1, order_id: 1 }) },
  row: {
    transaction: (work) =>
      log.transaction((tx) => work({ rows: tx.rows, record: () => undefined, afterCommit: () => undefined })),
  },
};
const used = logs[kind] ? { log: Object.assign(Object.create(log), logs[kind]), bus } : backbone;
const listening = { host: '127.0.0.1', port: 0, setting: 'PORT' };
const store =
  kind === 'constant'
    ? await serve({ module: constantModule() }, listening)
    : await serve(StoreManagerModule.with(used, new StoreManagerSettings()), listening);
if (kind === 'shop' || kind === 'idle') {
  const settings = Object.assign(new CoolrielSettings(), { OUTPUT_FOLDER: `${folder}/output` });
  await serve(PaymentsModule.with(backbone, new PaymentsSettings()), listening);
  await serve(CoolrielModule.with(backbone, settings), listening);
  await bus.start();
}

/** An app with one route, which answers an order and asks nobody. */
function constantModule() {
  const order = JSON.parse(process.argv[4]);
  class ConstantController {
    read() {
      return order;
    }
  }
  Get(':id')(
    ConstantController.prototype,
    'read',
    Object.getOwnPropertyDescriptor(ConstantController.prototype, 'read'),
  );
  Controller('orders')(ConstantController);
  class ConstantModule {}
  Module({ controllers: [ConstantController] })(ConstantModule);
  return ConstantModule;
}

const record = (tx, id) => tx.record(UserCreated.of({ id, name: 'A B', email: `u${id}@example.com`, user_type_id: 1 }));
const reply = {
  /** So many units of each product that orders never end for want of it. */
  shelves: () => log.transaction((tx) => tx.rows.query('UPDATE stocks SET quantity = 2147483647')),
  /** Resolves when every consumer has taken all that is recorded. */
  async settled() {
    for (;;) {
      const consumers = await bus.status();
      if (consumers.every(({ position, head }) => position === head)) return;
      await new Promise((done) => setTimeout(done, 10));
    }
  },
  /** What this process has computed so far, in microseconds: other programs take nothing of it. */
  async cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  rss: async () => Math.round(process.memoryUsage.rss() / 1e6),
  statements: async () => statements,
  head: async () => log.history.head(),
  /** Fills the log with events that no consumer has taken. */
  async backlog(count) {
    for (let id = 1; id <= count; id += 100) {
      await log.transaction(async (tx) => {
        for (let n = id; n < id + 100; n++) record(tx, 1_000_000 + n);
      });
    }
  },
  /** One consumer with one effect row an event. Resolves with the milliseconds until all waiting events are done. */
  async drain(count) {
    const started = performance.now();
    await new Promise((done) => {
      let left = count;
      const handle = async (_event, tx, { position, stream }) => {
        await tx.rows.query('INSERT INTO effect (position, stream) VALUES (?, ?)', [position, stream]);
        left -= 1;
        if (left === 0) tx.afterCommit(done);
      };
      bus.subscribe({ name: 'drain', handlers: [on(UserCreated, handle)] });
      void bus.start();
    });
    return performance.now() - started;
  },
  /** Milliseconds from the answer of the commit to the start of the handler, at so many units a second. */
  async latency({ rate, seconds }) {
    const committed = new Map();
    const handled = new Map();
    bus.subscribe({
      name: 'latency',
      startAt: 'now',
      handlers: [on(UserCreated, async ({ id }) => void handled.set(id, performance.now()))],
    });
    await bus.start();
    await new Promise((done) => setTimeout(done, 300));
    const begun = performance.now();
    const units = [];
    while (units.length < rate * seconds) {
      const due = Math.min(rate * seconds, ((performance.now() - begun) / 1_000) * rate);
      while (units.length < due) {
        const id = 2_000_000 + units.length;
        units.push(log.transaction(async (tx) => record(tx, id)).then(() => committed.set(id, performance.now())));
      }
      await new Promise((done) => setTimeout(done, 1));
    }
    await Promise.all(units);
    await new Promise((done) => setTimeout(done, 500));
    const waits = [...committed].map(([id, at]) => handled.get(id) - at).sort((a, b) => a - b);
    return {
      p50: waits[Math.floor(waits.length / 2)],
      p99: waits[Math.floor(waits.length * 0.99)],
      count: waits.length,
    };
  },
};

process.on('message', ({ ask, argument }) => {
  void reply[ask](argument).then((answer) => process.send({ answer }));
});
process.send({ port: store.getHttpServer().address().port });
