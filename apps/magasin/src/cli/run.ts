import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode } from './failures';
import { type GlobalOptions, Session } from './session';

/** Makes a commander action of work that has a session, and may end with another code than 0. */
export function run(work: (session: Session, ...args: never[]) => Promise<ExitCode | void>) {
  return async (...given: unknown[]): Promise<void> => {
    // commander gives the arguments, the options, and the command itself. Options that a command above has too are
    // taken by that one.
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<GlobalOptions>();
    const args = [...given.slice(0, -2), options] as never[];
    process.exitCode = (await work(new Session(options), ...args)) ?? EXIT.done;
  };
}

/** Every repair says why: it goes into the audit with who did it. */
export const withWhy = (command: Command): Command =>
  command.requiredOption('--why <reason>', 'why you do it, for the audit');

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
