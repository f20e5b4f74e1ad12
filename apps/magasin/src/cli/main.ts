import { CommanderError } from 'commander';
import { EXIT, Failure, type ProblemDocument, wrongUsage } from './failures';
import { createProgram } from './program';
import { oneLine } from './terminal/text';

// Who reads it has seen enough: `magasin audit | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

createProgram().parseAsync().catch(fail);

function fail(error: unknown): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  const { exitCode, problem } = failureOf(error);
  const json = process.argv.includes('--json');
  process.stderr.write(`${json ? JSON.stringify(problem) : tell(problem)}\n`);
  process.exitCode = exitCode;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) {
    // Without a command it has printed its help.
    const said =
      error.code === 'commander.help'
        ? 'Say what to do.'
        : `${error.message.replace(/^error: |\.$/g, '').replaceAll('\n', ' ')}.`;
    return wrongUsage(`${said} See magasin --help, or --help after a command.`);
  }
  const detail = `magasin itself failed, which is its own fault: ${(error as Error).message}`;
  return new Failure(EXIT.refused, { type: 'urn:magasin:cli:failed', title: 'Failed', detail });
}

function tell({ title, detail, errors = [] }: ProblemDocument): string {
  // The detail of wrong input is its errors once more.
  const all = errors.map((error) => error.detail).join('; ') === detail ? '' : detail;
  const fields = errors.map((error) => `\n  ${oneLine(error.pointer)}: ${oneLine(error.detail)}`);
  return `${oneLine([title, ...(all ? [all] : [])].join(': '))}${fields.join('')}`;
}
