import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventBusContract } from '../event-bus.contract';

eventBusContract('database driver', {
  create: async () => ({ url: `sqlite:${join(mkdtempSync(join(tmpdir(), 'event-bus-')), 'test.sqlite')}` }),
  remove: async ({ url }) => rmSync(dirname(url.replace('sqlite:', '')), { recursive: true, force: true }),
});
