import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from '@swc/core';
import { catalogue } from '../apps/coolriel/src/emails';

const ROOT = resolve(__dirname, '..');
const EMAILS = 'apps/coolriel/src/emails';
const run = promisify(execFile);

const docs = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');
/** A block of a numbered step, without the indent of the step. */
const blockOf = (text: string, language: string): string =>
  new RegExp(`^ {3}\`\`\`${language}\\n([^]*?)^ {3}\`\`\`$`, 'm').exec(text)![1].replaceAll(/^ {3}/gm, '');

describe('The way to add an e-mail', () => {
  const howTo = docs('add-an-email.md');
  const [, path] = /^1\. Write `(.+)`/m.exec(howTo)!;
  const code = blockOf(howTo, 'ts');
  let folder: string;
  beforeAll(() => {
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    folder = mkdtempSync(join(ROOT, 'dist', 'add-an-email-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('leads to a declaration that compiles where it is to stand', async () => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    const config = join(folder, 'tsconfig.json');
    // As if the file stood among the others.
    const compilerOptions = { incremental: false, tsBuildInfoFile: null, noEmit: true, rootDirs: [ROOT, folder] };
    writeFileSync(
      config,
      JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, files: [path], include: [] }),
    );

    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', config]).catch((error: { stdout: string }) => error);

    expect(stdout).toBe('');
  }, 120_000);

  it('leads to the e-mail that it shows', async () => {
    // @ts-expect-error The build's own options are plain JavaScript.
    const { swcOptions } = (await import('../scripts/swc.mjs')) as { swcOptions: object };
    const built = mkdtempSync(join(ROOT, 'dist', EMAILS, 'added-'));
    const { code: script } = transformSync(code, { ...swcOptions, sourceMaps: false, filename: join(ROOT, path) });
    writeFileSync(join(built, 'new-colleague.email.js'), script);
    const program = `
      const { newColleague } = require('./new-colleague.email');
      const { previewOf } = require('../../previews/preview');
      console.log(JSON.stringify(previewOf(newColleague, 'client')));`;

    const { stdout } = await run(process.execPath, ['-e', program], { cwd: built }).finally(() =>
      rmSync(built, { recursive: true }),
    );

    const { recipient, text } = JSON.parse(stdout) as { recipient: string; text: string };
    expect(recipient).toBe('dboss@magasinducoin.ca');
    // The signature's line ends in a space, which the doc can not keep.
    expect(text.replaceAll(/ +$/gm, '')).toBe(blockOf(howTo, 'text'));
  });

  it('ends in a table that tells of every e-mail', () => {
    const rows = [...docs('emails.md').matchAll(/^\| `(\S+)` +\| `(\S+)` +\|[^|]+\| (`[^|]+`) +\|$/gm)].map(
      ([, name, on, texts]) => ({ name, on, texts: texts.replaceAll('`', '').split(', ') }),
    );

    expect(rows).toEqual(
      catalogue.map(({ name, on, samples }) => ({ name, on: on.name, texts: Object.keys(samples) })),
    );
  });
});
