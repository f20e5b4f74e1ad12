import { lookup } from 'node:dns/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpException } from '@nestjs/common';
import type { FastifyInstance, FastifyServerFactory } from 'fastify';
import { PROBLEM_HEADERS, refusalOf } from './problem';

const UNREADABLE: [status: number, detail: string] = [400, 'This is no HTTP request that can be read.'];
const REASONS: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunks of the body have extensions that are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request has not come in time.'],
};

/** So long what still comes on a connection is read past, when its last answer is out. */
const LINGER_MS = 1_000;

/** Node's HTTP server, which answers in problem documents what it would answer in its own way, or not at all. */
export const httpServer: FastifyServerFactory = (handler, { keepAliveTimeout }: { keepAliveTimeout?: number }) => {
  const server = createServer(
    {
      keepAliveTimeout,
      // It is asked for below.
      requireHostHeader: false,
      // There is nothing to upgrade to: what asks for it (`curl --http2`) is a request like any other.
      shouldUpgradeCallback: () => false,
    },
    (request, response) => {
      if (request.headers.host !== undefined || request.httpVersion !== '1.1') return handler(request, response);
      const { status, headers, document } = refusal(400, 'A Host header is missing.');
      response.writeHead(status, headers).end(document);
    },
  );
  // Only 100-continue can be expected. Anything else may be ignored (RFC 9110, 10.1.1), and is no reason to refuse.
  server.on('checkExpectation', handler);
  server.on('connect', (_request, socket) => refuse(socket, 400, 'There is no tunnel to be had here.'));
  return answerUnreadable(server);
};

/**
 * Listens, and for `localhost` on its other address too: it is 127.0.0.1 and ::1, and callers try either. Fastify does
 * this for servers that it makes, and those would answer on the other address as Node does, or not at all.
 */
export async function listenOn(instance: FastifyInstance, host: string, port: number): Promise<void> {
  await instance.listen({ host, port });
  if (host !== 'localhost') return;
  const first = instance.server.address() as AddressInfo;
  for (const { address } of await lookup(host, { all: true })) {
    if (address === first.address) continue;
    const other = httpServer((request, response) => instance.routing(request, response), instance.initialConfig);
    // One that can not be had, as ::1 where there is no IPv6, is not missed.
    other.on('error', () => undefined).listen({ host: address, port: first.port });
    instance.server.once('close', () => other.close());
  }
}

/**
 * Answers what Node's parser refuses: that never becomes a request, so no hook and no filter sees it. A request that came
 * whole before it on the same connection has its own answer first: it may have changed something.
 */
function answerUnreadable(server: Server): Server {
  const latest = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse }>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, { request, response });
  });
  const ending = new WeakSet<Duplex>();
  return server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Whatever still comes on it comes here.
    if (ending.has(socket)) return;
    ending.add(socket);
    const { request, response } = latest.get(socket) ?? {};
    const unanswered = response !== undefined && !response.writableFinished;
    if (unanswered && request?.complete) response.once('finish', () => end(socket));
    else if (error.code === 'ECONNRESET' || !socket.writable || (unanswered && response.headersSent)) socket.destroy();
    else refuse(socket, ...(REASONS[error.code ?? ''] ?? UNREADABLE));
  });
}

function refuse(socket: Duplex, code: number, detail: string): void {
  const { status, headers, document } = refusal(code, detail);
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  end(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${document}`);
}

/** Closed at once, who is still writing would find the connection broken instead of his answer (RFC 9112, 9.6). */
function end(socket: Duplex, lastWords?: string): void {
  socket.end(lastWords);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function refusal(status: number, detail: string) {
  const document = JSON.stringify(refusalOf(new HttpException(detail, status), '/').document);
  const length = Buffer.byteLength(document);
  return { status, headers: { ...PROBLEM_HEADERS, 'Content-Length': String(length) }, document };
}
