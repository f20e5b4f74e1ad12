// `npm run openapi`: writes what the code says of itself into docs/, or into a folder that you name: openapi/<app>.json of
// /api-json, asyncapi.json of the store's /asyncapi, settings.md, events.md and metrics.md. Tests compare them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { eventsDocument, metricsDocument, settingsDocument } from './reference.mjs';

const { startShop } = createRequire(import.meta.url)('../dist/apps/magasin/src/shop.js');
const docs = process.argv[2] ?? join(import.meta.dirname, '..', 'docs');
const style = await resolveConfig(import.meta.filename);
const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
mkdirSync(join(docs, 'openapi'), { recursive: true });

const shop = await startShop({
  LOG_LEVEL: 'silent',
  STORE_MANAGER_PORT: '0',
  PAYMENTS_PORT: '0',
  COOLRIEL_PORT: '0',
  DATABASE_URL: `sqlite:${join(folder, 'shop.sqlite')}`,
  OUTPUT_FOLDER: folder,
});
const metrics = {};
for (const app of [shop.store, shop.payments, shop.coolriel]) {
  const document = await (await fetch(`${app}/api-json`)).json();
  const name = document.info.title;
  await write(`openapi/${name}.json`, JSON.stringify(document, null, 2));
  // Its labels are there as soon as a request was counted.
  await fetch(`${app}/nowhere`);
  metrics[name] = await (await fetch(`${app}/metrics`)).text();
}
const events = await (await fetch(`${shop.store}/asyncapi`)).json();
await write('asyncapi.json', JSON.stringify(events, null, 2));
await write('settings.md', settingsDocument());
await write('events.md', eventsDocument(events));
await write('metrics.md', metricsDocument(metrics));
await shop.stop();
rmSync(folder, { recursive: true });

async function write(name, text) {
  const file = join(docs, name);
  writeFileSync(file, await format(text, { ...style, filepath: file }));
}
