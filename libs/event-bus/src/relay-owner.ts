import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Lease } from '@magasin/event-log';

const HOST = hostname()
  .replaceAll(/[^\w.-]/g, '-')
  .slice(0, 50);

/** Who leads, as it stands in the lease: host, process, and which of its relays. */
export const newOwner = (): string => `${HOST}/${process.pid}/${randomUUID().slice(0, 8)}`;

/**
 * Nobody has it, or a process of this host that is gone: a shop that is started again need not wait for its own past.
 * Should two hosts have one name, the token fences whoever was wrongly taken for dead.
 */
export function isFree({ owner }: Lease): boolean {
  const [host, pid] = owner.split('/');
  if (owner === '') return true;
  if (host !== HOST) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
