import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { imageOf, servicesOf } from './containers';

const PASSWORDS = { MYSQL_PASSWORD: 'secret', MYSQL_ROOT_PASSWORD: 'secret' };
const APPS = ['store-manager', 'payments', 'coolriel'];
const DEVELOPMENT = 'scripts/services/docker-compose.yml';

const services = servicesOf('docker-compose.yml', PASSWORDS);
const dockerfile = readFileSync('Dockerfile', 'utf8');

/** What is no compose file for the JSON schema of the compose specification, and more that dclint takes for an error. */
async function errorsIn(file: string): Promise<string[]> {
  const dclint = join('node_modules', 'dclint', 'bin', 'dclint.cjs');
  const words = [dclint, '--formatter', 'json', file];
  const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 100_000 }).catch(
    (error: { stdout: string }) => error,
  );
  const [{ messages }] = JSON.parse(stdout) as [{ messages: { type: string; message: string }[] }];
  return messages.filter(({ type }) => type === 'error').map(({ message }) => message);
}

describe.each(['docker-compose.yml', DEVELOPMENT])('%s', (file) => {
  it('is as the compose specification says', async () => {
    expect(await errorsIn(file)).toEqual([]);
  });

  it('has images with versions, and ports of this machine alone', () => {
    for (const [name, { image, ports = [] }] of Object.entries(servicesOf(file, PASSWORDS))) {
      expect([name, image]).toEqual([name, expect.stringMatching(/^magasin:latest$|:v?\d+(\.\d+)*$/)]);
      for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:\d+:\d+$/)]);
    }
  });
});

it('npm run services starts containers of its own file, where an engine runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'magasin-docker-'));
  // An engine that notes what it is told, and starts nothing.
  const engine = '#!/bin/sh\necho "$*" >>calls\ncase "$*" in *" up "*) echo "no network" >&2; exit 1 ;; esac\n';
  writeFileSync(join(folder, 'docker'), engine, { mode: 0o755 });
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    REDIS_URL: 'redis://127.0.0.1:1',
  };
  const script = resolve('scripts/services.mjs');
  const { code, stdout } = (await promisify(execFile)(process.execPath, [script, 'redis'], { cwd: folder, env }).catch(
    (error: unknown) => error,
  )) as { code?: number; stdout: string };
  const calls = readFileSync(join(folder, 'calls'), 'utf8');
  rmSync(folder, { recursive: true });

  expect(code).toBe(1);
  expect(stdout).toContain(
    'docker compose up --detach redis fails; npm run services -- --native does without.\nno network',
  );
  expect(calls).toContain(`compose --file ${resolve(DEVELOPMENT)} up --detach redis\n`);
});

it('The check of compose files sees what is wrong', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'magasin-compose-'));
  const file = join(folder, 'docker-compose.yml');
  writeFileSync(file, readFileSync('docker-compose.yml', 'utf8').replace('image: redis', 'imagee: redis'));
  const errors = await errorsIn(file);
  rmSync(folder, { recursive: true });

  expect(errors).toEqual([expect.stringContaining('instancePath="/services/redis"')]);
});

describe('The shop of docker-compose.yml', () => {
  it('has everything, and two stores', () => {
    const infrastructure = ['gateway', 'mysql', 'redis', 'kafka', 'mailpit', 'prometheus'];

    expect(Object.keys(services).sort()).toEqual([...APPS, ...infrastructure].sort());
    expect(services['store-manager'].deploy?.replicas).toBe(2);
    expect(APPS.map((app) => [services[app].image, services[app].environment!.APPS])).toEqual(
      APPS.map((app) => ['magasin:latest', app]),
    );
    expect(APPS.map((app) => services[app].build)).toEqual(['.', undefined, undefined]);
  });

  it('gives its apps settings that there are', () => {
    const example = readFileSync('.env.example', 'utf8');
    const known = new Set([...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name));
    const given = APPS.flatMap((app) => Object.keys(services[app].environment!));

    expect(given.filter((name) => !known.has(name))).toEqual([]);
  });

  it('starts what is waited for first, and knows when it answers', () => {
    for (const [name, service] of Object.entries(services)) {
      // Of the apps it is the image that knows.
      expect([name, Boolean(service.healthcheck)]).toEqual([name, !APPS.includes(name)]);
      expect([name, service.deploy?.resources.limits]).toEqual([
        name,
        { cpus: expect.any(String), memory: expect.any(String) },
      ]);
      for (const { condition } of Object.values(service.depends_on ?? {})) expect(condition).toBe('service_healthy');
    }
    for (const app of APPS) expect(Object.keys(services[app].depends_on!)).toEqual(['mysql', 'redis', 'kafka']);
    expect(Object.keys(services.gateway.depends_on!)).toEqual(['store-manager', 'payments']);
  });

  it.each(Object.keys(PASSWORDS))('has no %s of its own', (name) => {
    expect(() => servicesOf('docker-compose.yml', { ...PASSWORDS, [name]: '' })).toThrow(`${name} is missing`);
  });

  it('keeps data in volumes that it declares', () => {
    const { volumes } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as { volumes: object };
    const named = Object.values(services).flatMap((service) =>
      (service.volumes ?? []).map((volume) => volume.split(':')[0]).filter((source) => !source.startsWith('.')),
    );

    expect(named.sort()).toEqual(Object.keys(volumes).sort());
  });

  it('is scraped by Prometheus, each app at its port', () => {
    const [{ dns_sd_configs: places }] = (
      parse(readFileSync('deploy/prometheus.yml', 'utf8')) as {
        scrape_configs: { dns_sd_configs: { names: string[]; type: string; port: number }[] }[];
      }
    ).scrape_configs;
    const ports = readFileSync('.env.example', 'utf8');
    const portOf = (app: string) =>
      Number(new RegExp(`^${app.toUpperCase().replace('-', '_')}_PORT=(\\d+)$`, 'm').exec(ports)![1]);

    expect(places).toEqual(APPS.map((app) => ({ names: [app], type: 'A', port: portOf(app) })));
  });
});

describe('The Dockerfile', () => {
  const problems = (text: string) => validate(text).map(({ range, message }) => [range.start.line + 1, message]);

  it('has no fault that its linter knows', () => {
    expect(problems(dockerfile)).toEqual([]);
    expect(problems(dockerfile.replace('EXPOSE', 'EXPOSED'))).toEqual([
      [expect.any(Number), expect.stringContaining('EXPOSED')],
    ]);
  });

  it('has the Node of the project, and is not root', () => {
    const { bases, user } = imageOf();
    const [major, minor] = readFileSync('.nvmrc', 'utf8').split('.');

    expect(bases).toEqual([`node:${major}.${minor}-bookworm-slim`, 'base', 'base', 'base']);
    expect(user).toBe('node');
  });

  it('takes nothing from the checkout that .dockerignore keeps out', () => {
    const [all, ...allowed] = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    const taken = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names.split(' '));

    expect(all).toBe('*');
    expect([...new Set(taken.map((name) => `!${name.split('/')[0]}`))].sort()).toEqual(allowed.sort());
  });
});
