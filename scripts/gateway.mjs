// The gateway with this machine's own nginx, in front of the shop that `npm start` opens: node scripts/gateway.mjs
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

const GATEWAY = join(import.meta.dirname, '..', 'gateway');

const settings = {
  ...parseEnv(readFileSync(join(GATEWAY, 'container.env'), 'utf8')),
  // As the apps do: for this machine alone, unless you say otherwise.
  GATEWAY_LISTEN: '127.0.0.1:8080',
  STORE_UPSTREAM: '127.0.0.1:5000',
  PAYMENTS_UPSTREAM: '127.0.0.1:5009',
  // Who is asked for names. Addresses need nobody.
  NGINX_LOCAL_RESOLVERS: '127.0.0.1',
  GATEWAY_FOLDER: '.services/gateway',
  ...process.env,
};
const folder = resolve(settings.GATEWAY_FOLDER);
const configuration = join(folder, 'nginx.conf');
mkdirSync(folder, { recursive: true });
// As the image's envsubst does it: what has no value stays.
const template = readFileSync(join(GATEWAY, 'nginx.conf'), 'utf8');
writeFileSync(
  configuration,
  template.replaceAll(/\$\{(\w+)\}/g, (whole, name) => settings[name] ?? whole),
);

const directives = `daemon off; pid ${join(folder, 'pid')};`;
const nginx = spawn('nginx', ['-p', folder, '-c', configuration, '-e', 'stderr', '-g', directives], {
  // Debian keeps servers where only root's PATH leads.
  env: { ...process.env, PATH: [process.env.PATH, '/usr/local/sbin', '/usr/sbin'].join(delimiter) },
  stdio: 'inherit',
});
nginx.once('error', ({ code, message }) => {
  console.error(code === 'ENOENT' ? 'There is no nginx: apt-get install nginx' : message);
  process.exit(1);
});
nginx.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => nginx.kill('SIGTERM'));
