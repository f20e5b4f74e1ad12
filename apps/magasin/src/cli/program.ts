import { Command } from 'commander';
import { addAudit } from './audit';
import { addConsumers } from './consumers';
import { addDemo } from './demo/command';
import { addEmails } from './emails';
import { addEmailsRepair } from './emails-repair';
import { addEvent } from './event';
import { addMove } from './move';
import { addParked } from './parked';
import { addParkedEdit } from './parked-edit';
import { addParkedGroup } from './parked-group';
import { addParkedRepair } from './parked-repair';
import { addReplay } from './replay';

const CODES = `
It ends with 0: done; 1: refused, nothing was changed; 2: wrong usage; 3: not reached; 4: done in part, some of it is
parked again. Examples of everything: docs/cli.md`;

/**
 * The commands, over HTTP: one service does what is done, so a running shop notices at once. Only a move goes to the
 * databases themselves, of a shop that does not run.
 */
export function createProgram(): Command {
  const program = new Command('magasin')
    .usage('[options] <command>')
    .description('Looks into a running shop, and repairs it.')
    .option('--url <url>', 'the app that has the consumers (default: HOST and STORE_MANAGER_PORT)')
    .option('--coolriel-url <url>', 'the app that has the e-mails (default: HOST and COOLRIEL_PORT)')
    .option('--payments-url <url>', 'the app that takes the money (default: HOST and PAYMENTS_PORT)')
    .option('--json', 'the answer as it came, one JSON document; what went wrong is one on stderr')
    .option('--who <name>', "who does it, for the audit (default: this user's name)")
    .option('--yes', 'do not ask before what can not be taken back; needed where nobody can be asked')
    .addHelpText('after', CODES)
    .configureHelp({ showGlobalOptions: true })
    // main.ts says it, in the form that was asked for.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addConsumers(program);
  const parked = addParked(program);
  addParkedRepair(parked);
  addParkedGroup(parked);
  addParkedEdit(parked);
  addReplay(program);
  const emails = addEmails(program);
  addEmailsRepair(emails);
  addEvent(program);
  addAudit(program);
  addDemo(program);
  addMove(program);
  return program;
}
