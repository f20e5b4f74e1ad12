// The services in containers, where a Docker engine runs.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { StartRefused } from './daemon.mjs';
import { placeOf, SERVICES } from './services.mjs';

const FILE = fileURLToPath(new URL('docker-compose.yml', import.meta.url));
const docker = (...args) => promisify(execFile)('docker', args, { env: { ...process.env, ...ports() } });

/** As docker-compose.yml reads them. */
const ports = () =>
  Object.fromEntries(
    Object.entries(SERVICES).map(([name, service]) => [`${name.toUpperCase()}_PORT`, String(placeOf(service).port)]),
  );

/** Not only the command: its engine answers, and it has compose. */
export async function engineRuns() {
  try {
    await Promise.all([docker('info', '--format', '{{.ServerVersion}}'), docker('compose', 'version')]);
    return true;
  } catch {
    return false;
  }
}

/** @throws StartRefused with what docker says. */
export async function compose(...args) {
  await docker('compose', '--file', FILE, ...args).catch(({ stderr, message }) => {
    throw new StartRefused(
      `docker compose ${args.join(' ')} fails; npm run services -- --native does without.\n${stderr || message}`,
    );
  });
}
