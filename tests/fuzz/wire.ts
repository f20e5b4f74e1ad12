import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** A shop that takes longer to answer hangs. */
const PATIENCE_MS = 15_000;

/** Looked up once: it takes as long as a request. */
const addresses: Record<string, Promise<string>> = {};

const BODILESS = new Set([204, 304]);

/**
 * Sends bytes on a connection of their own, whatever they say, and reads what comes back: fetch refuses to send what a
 * stranger may. Empty when the connection was closed without an answer.
 *
 * @param hangUp says that nothing more will come, where the bytes promise more
 * @throws Error when no whole answer comes in time
 */
export async function exchange(
  origin: string,
  bytes: Buffer,
  { method = 'GET', hangUp = false } = {},
): Promise<WireAnswer[]> {
  const { hostname, port } = new URL(origin);
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  addresses[name] ??= lookup(name).then(({ address }) => address);
  const host = await addresses[name];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host);
    const answers: WireAnswer[] = [];
    let unread: Buffer = Buffer.alloc(0);
    let trouble: Error | undefined;
    const patience = setTimeout(() => finish(new Error(`no whole answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);

    const read = (closed: boolean): void => {
      for (let found = take(unread, method, closed); found; found = take(unread, method, closed)) {
        // 100 Continue announces an answer.
        if (found.answer.status >= 200) answers.push(found.answer);
        unread = found.rest;
      }
    };
    const finish = (error?: Error): void => {
      clearTimeout(patience);
      socket.destroy();
      if (error) reject(error);
      else resolve(answers);
    };

    socket.on('data', (chunk) => {
      unread = Buffer.concat([unread, chunk]);
      read(false);
      if (answers.length > 0 && unread.length === 0 && !hangUp) finish();
    });
    // The shop may close while we still write: it is not wrong to refuse what is too long before it has come.
    socket.on('error', (error) => {
      trouble = error;
    });
    socket.on('close', () => {
      read(true);
      // Who hangs up on an answer that has begun gets the rest of it no more.
      if (unread.length > 0 && !hangUp) finish(new Error(`half an answer: ${unread.toString('latin1').slice(0, 200)}`));
      else if (answers.length === 0 && trouble) finish(new Error('the connection broke off', { cause: trouble }));
      else finish();
    });
    socket.write(bytes);
    if (hangUp) socket.end();
  });
}

/** The first answer in what was read, and the rest. Undefined until it is whole. */
function take(read: Buffer, method: string, closed: boolean): { answer: WireAnswer; rest: Buffer } | undefined {
  const end = read.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine, ...lines] = read.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no status line: ${statusLine}`);
  const headers = new Headers(lines.map((line) => splitAt(line, ':')));
  const body = read.subarray(end + 4);
  const answer = (content: Buffer, rest: Buffer) => ({ answer: { status, headers, text: content.toString() }, rest });

  if (method === 'HEAD' || status < 200 || BODILESS.has(status)) return answer(Buffer.alloc(0), body);
  if (headers.get('transfer-encoding') === 'chunked') {
    const whole = unchunk(body);
    return whole && answer(whole.content, whole.rest);
  }
  const length = headers.get('content-length');
  if (length === null) return closed ? answer(body, Buffer.alloc(0)) : undefined;
  return body.length < Number(length)
    ? undefined
    : answer(body.subarray(0, Number(length)), body.subarray(Number(length)));
}

function unchunk(body: Buffer): { content: Buffer; rest: Buffer } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const line = body.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(body.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (body.length < next) return undefined;
    if (size === 0) return { content: Buffer.concat(chunks), rest: body.subarray(next) };
    chunks.push(body.subarray(line + 2, line + 2 + size));
    at = next;
  }
}

function splitAt(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return [line.slice(0, at), line.slice(at + 1).trim()];
}
