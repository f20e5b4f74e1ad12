// `npm run openapi`: writes docs/openapi/<app>.json, the documents that the apps serve at /api-json. A test compares them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const { startShop } = createRequire(import.meta.url)('../dist/apps/magasin/src/shop.js');
const documents = join(import.meta.dirname, '..', 'docs', 'openapi');
const folder = mkdtempSync(join(tmpdir(), 'openapi-'));

const shop = await startShop({
  LOG_LEVEL: 'silent',
  STORE_MANAGER_PORT: '0',
  COOLRIEL_PORT: '0',
  DATABASE_URL: `sqlite:${join(folder, 'shop.sqlite')}`,
  OUTPUT_FOLDER: folder,
});
mkdirSync(documents, { recursive: true });
for (const app of [shop.store, shop.coolriel]) {
  const document = await (await fetch(`${app}/api-json`)).json();
  const file = join(documents, `${document.info.title}.json`);
  const style = { ...(await resolveConfig(file)), parser: 'json' };
  writeFileSync(file, await format(JSON.stringify(document, null, 2), style));
}
await shop.stop();
rmSync(folder, { recursive: true });
