import type { Documented } from '../documented';
import { type Effect, EFFECTS, EFFECTS_IN_SYNC, KEPT_OF, REPAIRED } from './effects';
import type { Change } from './ledger';
import type { Mode } from './stage';
import type { StrangeRequest } from './strange-request';
import type { WireAnswer } from './wire';

const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Posts that only ask. */
const ASKS = new Set(['/admin/replays/dry-run', '/stocks/graphql-query']);
/** Repairs of what there may be none of: then there is nothing to note. */
const MAY_FIND_NOTHING = new Set(['/admin/parked/retry-group', '/admin/emails/send-again']);
/** What nobody may be told: SQL, a stack, a file of ours. */
const INSIDE = /SQLITE|INSERT|SELECT|\bstack\b|node_modules|\.[jt]s:\d|RangeError|TypeError|is not a function/;

/** The card of the documents, and what the shop keeps of it: nothing. */
const CARD = /9{13}/;
const BESIDE_EVENTS = ['event_log', 'stream_head', 'keyed_answer'];

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
  // Without this header Node's parser has refused it: it was no request of this route, nor of any other.
  const came = headers.has('x-correlation-id') && request.target.startsWith('/');
  const operation = came ? documented.operation(request.method, pathOf(request.target)) : undefined;
  const asked = request.method === 'HEAD' ? documented.operation('GET', pathOf(request.target)) : operation;
  const isPage =
    headers.get('content-type')?.startsWith('text/html') && asked?.responses[status]?.content?.['text/html'];
  return [
    ...(status >= 400 && !isPage ? problemFaults(request, answer) : []),
    ...(status >= 400 && isInside(text) ? [`it tells of the inside: ${text}`] : []),
    ...(operation ? documented.lies(operation, { status, headers, text }) : []),
  ];
}

const isInside = (text: string): boolean => INSIDE.test(text) || text.includes(process.cwd());

function problemFaults({ method }: StrangeRequest, { status, headers, text }: WireAnswer): string[] {
  const type = headers.get('content-type');
  if (type !== 'application/problem+json; charset=utf-8') return [`${status} with content-type ${type}: ${text}`];
  if (method === 'HEAD') return [];
  const problem = JSON.parse(text) as Record<string, unknown>;
  const { type: urn, title, detail, instance, error } = problem;
  return [
    ...(problem.status === status ? [] : [`status ${status}, but ${String(problem.status)} in the document`]),
    ...(/^(about:blank|urn:magasin:[a-z-]+)$/.test(String(urn)) ? [] : [`type ${String(urn)}`]),
    ...(/^[A-Z]/.test(String(title)) ? [] : [`title ${String(title)}`]),
    ...(typeof detail === 'string' && /\S/.test(detail) && error === detail ? [] : [`detail ${String(detail)}`]),
    ...(/^(\/[^?]*|\*)$/.test(String(instance)) ? [] : [`instance ${String(instance)}`]),
  ];
}

/**
 * What is wrong with what a request has changed. What is refused or only asked for changes nothing. What is accepted has
 * its whole effect, once: outside of /admin what is said of its route, inside it one note in the audit and no event.
 */
export function effectFaults(
  request: StrangeRequest,
  answers: WireAnswer[],
  changes: Map<string, Change>,
  { documented, mode }: { documented: Documented; mode: Mode },
): string[] {
  const path = pathOf(request.target).replace(/\/$/, '');
  const told = (): string => JSON.stringify([...changes], null, 1);
  const accepted = answers.filter(({ status, headers }) => status < 300 && !headers.has('idempotency-replayed'));
  if (READS.has(request.method) || ASKS.has(path) || accepted.length === 0) {
    return changes.size === 0 ? [] : [`it was not to change anything: ${told()}`];
  }
  const parameters = documented.operation(request.method, path)?.parameters ?? [];
  const keyed =
    parameters.some(({ name }) => name === 'Idempotency-Key') &&
    request.headers.some(([name]) => name.toLowerCase() === 'idempotency-key');
  const effects = mode === 'sync' ? EFFECTS_IN_SYNC : EFFECTS;
  const effect = effects[`${request.method} ${documented.path(path)} ${accepted[0].status}`];
  const removed = ['event_log', 'audit'].filter((name) => (changes.get(name)?.removed.length ?? 0) > 0);
  return [
    ...(added(changes, 'keyed_answer').length > Number(keyed) ? ['an answer was kept without its key'] : []),
    ...(removed.length > 0 ? [`history was changed: ${removed.join()}`] : []),
    ...(CARD.test(told()) ? ['the card was kept'] : []),
    ...(path.startsWith('/admin/') ? repairFaults(path, changes) : shopFaults(effect, accepted[0], changes)),
  ].map((fault) => `${fault}: ${told()}`);
}

function repairFaults(path: string, changes: Map<string, Change>): string[] {
  const touched = [...changes.keys()].filter((name) => name !== 'keyed_answer');
  const others = touched.filter((name) => !REPAIRED.has(name));
  const notes = touched.length === 0 && MAY_FIND_NOTHING.has(path) ? 0 : 1;
  return [
    ...(others.length > 0 ? [`a repair is none of ${others.join()}`] : []),
    ...(added(changes, 'audit').length === notes ? [] : ['a repair is one note']),
  ];
}

function shopFaults(effects: Effect[] | undefined, { text }: WireAnswer, changes: Map<string, Change>): string[] {
  const types = added(changes, 'event_log').map(({ type }) => String(type));
  const effect = effects?.find(({ story }) => story.test(types.join(' ')));
  if (!effect)
    return [`it may not be followed by these events: ${types.join(' ')} (tests/fuzz/effects.ts says what may follow)`];
  const { rows = {}, names } = effect;
  const kept = new Set([...BESIDE_EVENTS, ...types.flatMap((type) => KEPT_OF[type] ?? [])]);
  const tables = new Set([...Object.keys(rows), ...changes.keys()]);
  const counted = [...tables].flatMap((table) => {
    const [least, most] = rows[table] ?? [0, kept.has(table) ? Infinity : 0];
    const count = Math.max(added(changes, table).length, changes.get(table)?.removed.length ?? 0);
    return count >= least && count <= most ? [] : [`${count} rows of ${table}, and not ${least} to ${most}`];
  });
  const id = names && (JSON.parse(text) as Record<string, unknown>)[names[0]];
  const inTable = names && added(changes, names[1])[0]?.id;
  return [
    ...counted,
    ...(id === inTable ? [] : [`it answers ${String(id)} and has made ${String(inTable)}`]),
    ...stockFaults(changes),
  ];
}

/** What an order takes or gives back is of the products that it has, and of all of them. */
function stockFaults(changes: Map<string, Change>): string[] {
  const products = (table: string): string => {
    const { added: come = [], removed: gone = [] } = changes.get(table) ?? {};
    return [...new Set([...come, ...gone].map(({ product_id }) => Number(product_id)))]
      .toSorted((a, b) => a - b)
      .join();
  };
  const ordered = products('order_items');
  return ordered === '' || ordered === products('stocks') ? [] : [`stock moves that is not of ${ordered}`];
}

const added = (changes: Map<string, Change>, table: string): Change['added'] => changes.get(table)?.added ?? [];
