import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EventBusHarness } from '../contract/scene';

/** For specs: each database is a file on disk, in a folder of its own. */
export const databaseHarness: EventBusHarness = {
  create: async () => ({ url: `sqlite:${join(mkdtempSync(join(tmpdir(), 'event-bus-')), 'test.sqlite')}` }),
  remove: async ({ url }) => rmSync(dirname(url.replace('sqlite:', '')), { recursive: true, force: true }),
};
