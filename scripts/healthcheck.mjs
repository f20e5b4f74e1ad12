// The health check of the image: whether each app of this container answers. Alive, not ready: whoever restarts a
// container for that mends neither a database nor a mail server.
const ports = {
  'store-manager': process.env.STORE_MANAGER_PORT || 5000,
  payments: process.env.PAYMENTS_PORT || 5009,
  coolriel: process.env.COOLRIEL_PORT || 5010,
};
const apps = process.env.APPS ? process.env.APPS.split(',') : Object.keys(ports);

for (const app of apps) {
  const url = `http://127.0.0.1:${ports[app]}/health/live`;
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(4_000) });
    if (status !== 200) throw new Error(`status ${status}`);
  } catch (error) {
    process.stderr.write(`${app} does not answer at ${url}: ${(error.cause ?? error).message}\n`);
    process.exitCode = 1;
  }
}
