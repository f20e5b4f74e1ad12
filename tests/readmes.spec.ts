import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from '@swc/core';

interface Example {
  lib: string;
  /** By their names, which their first lines say: `// main.ts`. */
  files: Map<string, string>;
  /** What main.ts prints. */
  output?: string;
}

const ROOT = resolve(__dirname, '..');
const run = promisify(execFile);

const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);

function exampleOf(lib: string): Example {
  const readme = readFileSync(join(ROOT, 'libs', lib, 'README.md'), 'utf8');
  const files = new Map<string, string>();
  for (const code of blocksOf(readme, 'ts')) {
    const [, name] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? [];
    // One that is not named could not be run, and would rot.
    if (!name) throw new Error(`A block of libs/${lib}/README.md does not begin with its file's name:\n${code}`);
    files.set(name, code);
  }
  return { lib, files, output: blocksOf(readme, 'text')[0] };
}

const libs = readdirSync(join(ROOT, 'libs'));
const examples = libs.map(exampleOf).filter(({ files }) => files.size > 0);

describe('The READMEs of the libs', () => {
  /** Beside the built libs, so that the aliases of the built examples lead there. */
  let folder: string;
  let name: string;

  beforeAll(async () => {
    // @ts-expect-error The build's own options are plain JavaScript.
    const { swcOptions } = (await import('../scripts/swc.mjs')) as { swcOptions: object };
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    folder = mkdtempSync(join(ROOT, 'dist', 'readmes-'));
    name = folder.slice(join(ROOT, 'dist').length + 1);
    for (const { lib, files } of examples) {
      for (const [file, code] of files) {
        const target = join(folder, lib, file);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, code);
        const filename = join(ROOT, name, lib, file);
        writeFileSync(
          target.replace(/ts$/, 'js'),
          transformSync(code, { ...swcOptions, filename, sourceMaps: 'inline' }).code,
        );
      }
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are there for each lib', () => {
    expect(libs.filter((lib) => !existsSync(join(ROOT, 'libs', lib, 'README.md')))).toEqual([]);
    // Nobody imports the schematics: the CLI runs them, and tests/schematics.e2e.spec.ts what docs/scaffolding.md shows.
    expect(examples.map(({ lib }) => lib)).toEqual(libs.filter((lib) => lib !== 'schematics'));
  });

  it('have examples that compile', async () => {
    const config = join(folder, 'tsconfig.json');
    const files = examples.flatMap(({ lib, files: own }) => [...own.keys()].map((file) => join(lib, file)));
    const compilerOptions = { incremental: false, tsBuildInfoFile: null, noEmit: true };
    writeFileSync(config, JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, files, include: [] }));

    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', config]).catch((error: { stdout: string }) => error);

    expect(stdout).toBe('');
  }, 300_000);

  it.each(examples)('have an example of $lib that prints what is shown', async ({ lib, files, output }) => {
    const home = mkdtempSync(join(tmpdir(), 'readme-'));
    const main = spawn(process.execPath, [join(folder, lib, 'main.js')], {
      cwd: home,
      env: { FORCE_COLOR: '0' },
      timeout: 20_000,
    });
    // A program that serves goes on until it is told to stop.
    const serves = files.get('main.ts')!.includes('enableShutdownHooks');
    let printed = '';
    let errors = '';
    main.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (serves && printed.length >= output!.length) main.kill('SIGTERM');
    });
    main.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const ended = await new Promise((done) => main.once('close', (code, signal) => done(signal ?? code)));
    rmSync(home, { recursive: true });

    expect({ printed, errors, ended }).toEqual({ printed: output, errors: '', ended: serves ? 'SIGTERM' : 0 });
  });

  it('have specs that pass', async () => {
    const jest = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(ROOT, 'node_modules/jest/bin/jest.js'),
    ];
    const config = JSON.stringify({ rootDir: folder, testMatch: ['**/*.spec.js'], transform: {}, testTimeout: 30_000 });
    const { stdout, stderr } = await run(process.execPath, [...jest, '--config', config, '--json'], {
      cwd: folder,
    }).catch((error: { stdout: string; stderr: string }) => error);

    const { success, numPassedTests } = JSON.parse(stdout) as { success: boolean; numPassedTests: number };
    expect({ success, stderr: success ? '' : stderr }).toEqual({ success: true, stderr: '' });
    expect(numPassedTests).toBeGreaterThan(0);
  }, 300_000);
});
