// `node bench/orders.mjs [seconds]`: what an order costs, written and read, against a Nest route that does nothing.
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { median, say, withServer } from './with-server.mjs';

const SECONDS = Number(process.argv[2] ?? 2);
const ROUNDS = 7;
const CONNECTIONS = 32;
const ORDER = JSON.stringify({
  user_id: 1,
  items: [
    { product_id: 1, quantity: 1 },
    { product_id: 2, quantity: 1 },
  ],
});

async function load(options, seconds) {
  const result = await autocannon({ connections: CONNECTIONS, duration: seconds, ...options });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
  return result.requests;
}

const post = (port) => ({
  url: `http://127.0.0.1:${port}/orders`,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: ORDER,
});
const get = (port) => ({ url: `http://127.0.0.1:${port}/orders/1` });

/** An order to read, and the very bytes that its reader gets. */
async function makeOrder(port) {
  const made = await fetch(post(port).url, post(port));
  if (made.status !== 201) throw new Error(`${made.status}: ${await made.text()}`);
  return (await fetch(get(port).url)).text();
}

/** Requests a second, and what the server computes for each, in microseconds. */
async function measure({ ask }, options) {
  const before = await ask('cpu');
  const { average, total } = await load(options, SECONDS);
  return { rate: average, cpu: ((await ask('cpu')) - before) / total };
}

/** All servers are up and asked by turns: the machine is the same for all of them, whatever else it does. */
async function compare(kinds) {
  const measured = kinds.map(() => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, { server, request, after }] of kinds.entries()) {
      const figures = await measure(server, request(server.port));
      // The first round warms them up.
      if (round >= 0) measured[index].push(figures);
      await after?.(server);
    }
  }
  const middle = (figure, index, base) =>
    median(measured[index].map((one, round) => figure(one, measured[base]?.[round])));
  for (const [index, { label, bar = '' }] of kinds.entries()) {
    const rate = middle((one) => one.rate, index)
      .toFixed(0)
      .padStart(6);
    const cpu = middle((one) => one.cpu, index)
      .toFixed(0)
      .padStart(6);
    const ratios = [
      middle((one, base) => one.rate / base.rate, index, 0),
      middle((one, base) => base.cpu / one.cpu, index, 0),
    ].map((ratio) => ratio.toFixed(2).padStart(6));
    say(`  ${label.padEnd(32)} ${rate} /s ${cpu} µs ${index > 0 ? ratios.join(' ') : ''} ${bar}`);
  }
}

say(
  `${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s by turns: requests/s; what the server computes for`,
);
say('each; and the ratios of both to the first line. Of the computing, the other programs of a machine take nothing.');

await withServer('nothing', (nothing) =>
  withServer('event', (event) =>
    withServer('shop', async (shop) => {
      for (const server of [event, shop]) await server.ask('shelves');
      let behind = 0;
      const settled = async () => {
        const began = performance.now();
        await shop.ask('settled');
        behind = performance.now() - began;
      };
      say('POST /orders, two lines');
      await compare([
        { label: 'validation, no database', server: nothing, request: post },
        { label: 'the order and its event', server: event, request: post, bar: '(bar: 0.4)' },
        { label: '+ the consumers of all apps', server: shop, request: post, after: settled },
      ]);
      say(`  the consumers are through ${(behind / 1_000).toFixed(1)} s after ${SECONDS} s of orders`);
    }),
  ),
);

await withServer('event', async (store) => {
  const text = await makeOrder(store.port);
  await withServer(
    'constant',
    async (constant) => {
      say('GET /orders/:id');
      await compare([
        { label: 'a constant of the same size', server: constant, request: get },
        { label: 'the order', server: store, request: get, bar: '(bar: 0.6)' },
      ]);
    },
    text,
  );
});
