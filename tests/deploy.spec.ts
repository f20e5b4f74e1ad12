import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { needs } from './needs';

/**
 * Stands in for docker: notes each call, and keeps which image has which tag and which one runs. An image is a word:
 * `docker compose build` makes what the file `next` says, and fails without it; one that is called `broken` does not come up.
 */
const DOCKER = `#!/usr/bin/env bash
cd "$STATE" || exit
echo "$*" >>calls
case "$*" in
  'image inspect '*) cat "$5" ;;
  'compose build') cp next magasin:latest ;;
  'tag '*) if [ -f "$2" ]; then cp "$2" "$3"; else echo "$2" >"$3"; fi ;;
  'compose up '*) cp magasin:latest running && ! grep -q broken running ;;
  'compose port gateway 8080') echo "$GATEWAY" ;;
  'compose ps '*) echo 'the state' ;;
  'compose logs '*) echo 'the logs' ;;
esac 2>>errors
`;

needs('curl')('scripts/deploy', () => {
  let folder: string;
  let gateway: Server;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'magasin-deploy-'));
    for (const name of ['bin', 'state', 'scripts']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'bin', 'docker'), DOCKER);
    chmodSync(join(folder, 'bin', 'docker'), 0o755);
    copyFileSync('scripts/deploy', join(folder, 'scripts', 'deploy'));
    // Answers as the apps behind the gateway do, where the image that runs is a good one.
    gateway = createServer((request, response) => {
      const answers = new Map([
        ['GET /store-api/test/slow/0', 200],
        ['POST /payments-api/payments', 400],
      ]);
      const status = answers.get(`${request.method} ${request.url}`);
      response.writeHead(state('running').startsWith('good') ? (status ?? 404) : 502).end('{}');
    });
    await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done));
  });
  afterEach(async () => {
    await new Promise((done) => gateway.close(done));
    rmSync(folder, { recursive: true });
  });

  /** What the stand-in has noted of a tag, or `calls`; empty when it has nothing. */
  const state = (name: string): string => {
    const file = join(folder, 'state', name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  };
  const set = (name: string, image: string): void => writeFileSync(join(folder, 'state', name), `${image}\n`);
  const images = () => ({
    running: state('running'),
    latest: state('magasin:latest'),
    previous: state('magasin:previous'),
  });

  const deploy = async (environment: Record<string, string> = {}) => {
    const env = {
      PATH: [join(folder, 'bin'), process.env.PATH].join(':'),
      STATE: join(folder, 'state'),
      GATEWAY: `127.0.0.1:${(gateway.address() as AddressInfo).port}`,
      SMOKE_RETRIES: '1',
      ...environment,
    };
    const {
      code = 0,
      stdout,
      stderr,
    } = (await promisify(execFile)(join(folder, 'scripts', 'deploy'), { env }).catch(
      (error: { code: number; stdout: string; stderr: string }) => error,
    )) as { code?: number; stdout: string; stderr: string };
    return { code, said: stdout, all: stdout + stderr };
  };
  const running = (image: string): void => {
    for (const name of ['magasin:latest', 'running']) set(name, image);
  };

  it('brings the new image up, and shows the state and the logs', async () => {
    running('good 1');
    set('next', 'good 2');
    const { code, said } = await deploy();

    expect({ code, ...images() }).toEqual({ code: 0, running: 'good 2', latest: 'good 2', previous: 'good 1' });
    expect(said).toMatch(/the state\nthe logs\n[^]*The shop runs with the new image\.\n$/);
    expect(state('calls').split('\n')).toEqual([
      'compose config --quiet',
      'image inspect --format {{.Id}} magasin:latest',
      'compose build',
      'tag good 1 magasin:previous',
      'compose up --detach --no-build --wait --wait-timeout 300 --remove-orphans',
      'compose restart gateway prometheus',
      'compose port gateway 8080',
      'compose ps --all',
      'compose logs --no-color --tail 50',
      'image prune --force --filter label=org.opencontainers.image.title=magasin',
    ]);
  });

  it('is the first time as well', async () => {
    set('next', 'good 1');
    const { code } = await deploy();

    expect({ code, ...images() }).toEqual({ code: 0, running: 'good 1', latest: 'good 1', previous: '' });
  });

  it.each([
    ['does not answer through the gateway', 'bad 2'],
    ['does not come up', 'broken 2'],
  ])('goes back when the new image %s', async (_case, next) => {
    running('good 1');
    set('next', next);
    const { code, said } = await deploy();

    expect({ code, ...images() }).toEqual({ code: 1, running: 'good 1', latest: 'good 1', previous: 'good 1' });
    // Of the new one, as long as it is there.
    expect(said).toMatch(/does not do its work\.\nthe state\nthe logs\n[^]*The shop runs with the image before\.\n$/);
  });

  it('changes nothing when the image can not be built', async () => {
    running('good 1');
    const { code, said } = await deploy();

    expect({ code, ...images() }).toEqual({ code: 1, running: 'good 1', latest: 'good 1', previous: '' });
    expect(said).toContain('The image is not built. Nothing was changed.');
    expect(state('calls')).not.toContain('compose up');
  });

  it('says when the image before does not do its work either', async () => {
    running('bad 1');
    set('next', 'bad 2');
    const { code, said } = await deploy();

    expect({ code, running: state('running') }).toEqual({ code: 1, running: 'bad 1' });
    expect(said).toMatch(/The image before does not do its work either: somebody must look\.\n$/);
  });

  it('leaves what failed the first time to be looked at', async () => {
    set('next', 'bad 1');
    const { code, said } = await deploy();

    expect({ code, ...images() }).toEqual({ code: 1, running: 'bad 1', latest: 'bad 1', previous: '' });
    expect(said).toContain('There is no image before it.');
  });

  describe('the passwords', () => {
    const secrets = { MYSQL_PASSWORD: 'hush1', MYSQL_ROOT_PASSWORD: 'hush2' };

    it('are kept in .env, for its owner alone, beside what is there; and are said nowhere', async () => {
      writeFileSync(join(folder, '.env'), 'TIME_ZONE=America/Montreal\nMYSQL_PASSWORD=old\n');
      set('next', 'good 1');
      const { code, all } = await deploy({ ...secrets, PUBLIC_URL: 'https://magasin.example' });

      expect(code).toBe(0);
      expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(
        'TIME_ZONE=America/Montreal\nMYSQL_PASSWORD=hush1\nMYSQL_ROOT_PASSWORD=hush2\nPUBLIC_URL=https://magasin.example\n',
      );
      expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
      expect(all + state('calls')).not.toMatch(/hush|old/);
    });

    it('are refused when a URL would not bear them', async () => {
      const { code, said, all } = await deploy({ ...secrets, MYSQL_PASSWORD: 'hush@1' });

      expect(code).toBe(1);
      expect(said).toContain('MYSQL_PASSWORD may have letters and digits alone');
      expect(all).not.toContain('hush');
      expect(state('calls')).toBe('');
    });
  });
});

needs('shellcheck')('The shell scripts', () => {
  it.each(['scripts/deploy', '.ci/run'])('%s have no fault that shellcheck knows', async (script) => {
    const { stdout } = await promisify(execFile)('shellcheck', [resolve(script)]).catch(
      (error: { stdout: string }) => error,
    );

    expect(stdout).toBe('');
  });
});
