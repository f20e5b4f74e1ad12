import type { Documented } from '../documented';
import type { Change } from './ledger';
import type { StrangeRequest } from './strange-request';
import type { WireAnswer } from './wire';

const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Posts that only ask. */
const ASKS = new Set(['/admin/replays/dry-run', '/stocks/graphql-query']);
/** Repairs of what there may be none of: then there is nothing to note. */
const MAY_FIND_NOTHING = new Set(['/admin/parked/retry-group', '/admin/emails/send-again']);
/** What nobody may be told: SQL, a stack, a file of ours. */
const INSIDE = /SQLITE|INSERT|SELECT|\bstack\b|node_modules|\.[jt]s:\d|RangeError|TypeError|is not a function/;

const COMES_WITH_EVENT = new Set([
  'event_log',
  'stream_head',
  'keyed_answer',
  'email',
  'parked_stream',
  'parked_event',
  'stock_overview',
  'stock_overview_begun',
]);

/** The path that a target names, as the router reads it. */
export function pathOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#\s]/)[0];
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** What is wrong with an answer itself, whatever was asked. */
export function faultsOf(request: StrangeRequest, answer: WireAnswer, documented: Documented): string[] {
  const { status, headers, text } = answer;
  if (status >= 500) return [`status ${status}: ${text}`];
  const faults = [];
  if (status >= 400) faults.push(...problemFaults(request, answer));
  // Without this header Node's parser has refused it: it was no request of this route, nor of any other.
  const came = headers.has('x-correlation-id') && request.target.startsWith('/');
  const operation = came && documented.operation(request.method, pathOf(request.target));
  if (operation) faults.push(...documented.lies(operation, { status, headers, text }));
  return faults;
}

function problemFaults({ method }: StrangeRequest, { status, headers, text }: WireAnswer): string[] {
  const type = headers.get('content-type');
  if (type !== 'application/problem+json; charset=utf-8') return [`${status} with content-type ${type}: ${text}`];
  if (method === 'HEAD') return [];
  const problem = JSON.parse(text) as Record<string, unknown>;
  const { type: urn, title, detail, instance, error } = problem;
  return [
    ...(INSIDE.test(text) || text.includes(process.cwd()) ? [`it tells of the inside: ${text}`] : []),
    ...(problem.status === status ? [] : [`status ${status}, but ${String(problem.status)} in the document`]),
    ...(/^(about:blank|urn:magasin:[a-z-]+)$/.test(String(urn)) ? [] : [`type ${String(urn)}`]),
    ...(/^[A-Z]/.test(String(title)) ? [] : [`title ${String(title)}`]),
    ...(typeof detail === 'string' && /\S/.test(detail) && error === detail ? [] : [`detail ${String(detail)}`]),
    ...(/^(\/[^?]*|\*)$/.test(String(instance)) ? [] : [`instance ${String(instance)}`]),
  ];
}

/**
 * What is wrong with what a request has changed. What is refused or only asked for changes nothing. What is accepted
 * has its whole effect, once: outside of /admin one event with one row, inside it one note in the audit and no event.
 */
export function effectFaults(request: StrangeRequest, answers: WireAnswer[], changes: Map<string, Change>): string[] {
  const path = pathOf(request.target).replace(/\/$/, '');
  const count = (table: string): number => changes.get(table)?.added.length ?? 0;
  const told = (): string => JSON.stringify([...changes], null, 1);
  const accepted = answers.filter(({ status, headers }) => status < 300 && !headers.has('idempotency-replayed'));
  if (READS.has(request.method) || ASKS.has(path) || accepted.length === 0) {
    return changes.size === 0 ? [] : [`it was not to change anything: ${told()}`];
  }
  const faults = [];
  const keyed = request.headers.some(([name]) => name.toLowerCase() === 'idempotency-key');
  if (count('keyed_answer') > Number(keyed)) faults.push('an answer was kept without its key');
  if (path.startsWith('/admin/')) {
    const nothing = [...changes.keys()].every((name) => name === 'keyed_answer');
    if (count('event_log') > 0) faults.push('a repair is no event');
    if (count('audit') !== 1 && !(nothing && MAY_FIND_NOTHING.has(path))) faults.push('a repair is one note');
  } else {
    // A product takes its stock with it.
    const goes = path.startsWith('/products/') ? 'stocks' : '';
    const others = [...changes]
      .filter(([name]) => !COMES_WITH_EVENT.has(name) && name !== goes)
      .map(([, change]) => change);
    // A stock may be set to what it is.
    const unchanged = path === '/stocks' && others.length === 0;
    if (count('event_log') !== 1) faults.push('what is accepted is one event');
    if (!unchanged && (others.length !== 1 || Math.max(others[0].added.length, others[0].removed.length) !== 1)) {
      faults.push('with one row');
    }
  }
  const removed = ['event_log', 'audit'].filter((name) => (changes.get(name)?.removed.length ?? 0) > 0);
  if (removed.length > 0) faults.push(`history was changed: ${removed.join()}`);
  return faults.map((fault) => `${fault}: ${told()}`);
}
