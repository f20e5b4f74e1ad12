import type { Command } from 'commander';
import type { AuditEntry } from './answers';
import { type ListOptions, mostOf, printPages, withLimit } from './list';
import { run } from './run';
import { when } from './terminal/when';

export function addAudit(program: Command): void {
  withLimit(program.command('audit'), 50)
    .description('who did what, and why; the newest first (--json also tells what was there before)')
    .action(
      run(async (session, options: ListOptions) => {
        const pages = (await session.shop()).pages<AuditEntry>('/admin/audit', {}, mostOf(options));
        await printPages(session, pages, COLUMNS, 'Nobody has repaired anything yet.');
      }),
    );
}

const COLUMNS = [
  { title: 'at', value: (row: AuditEntry) => when(row.at) },
  { title: 'who', value: (row: AuditEntry) => row.who },
  { title: 'did', value: (row: AuditEntry) => row.action },
  { title: 'to', value: (row: AuditEntry) => row.subject, elastic: true },
  { title: 'event', value: (row: AuditEntry) => row.position },
  { title: 'why', value: (row: AuditEntry) => row.why, elastic: true },
];
