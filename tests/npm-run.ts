import { spawn } from 'node:child_process';

/** Runs a script of package.json. */
export async function npmRun(words: string[], environment: Record<string, string> = {}) {
  const child = spawn('npm', ['run', '--silent', ...words], { env: { ...process.env, ...environment } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, out, err };
}

/** The cells of a table in Markdown, without the titles and the rule. */
export const rowsOf = (out: string): string[][] =>
  out
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
