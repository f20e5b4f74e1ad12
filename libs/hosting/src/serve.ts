import { EventLog } from '@magasin/event-log';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { workBeforeAnswers } from './before-answer';
import { refuseDeepBody, refuseEncodedBody } from './body';
import { httpServer, listenOn } from './http-server';
import { honourIdempotencyKeys } from './idempotency';
import { InputPipe } from './input';
import { type Log, logRequests, NestLog, openLog, runInApp } from './logging';
import { serveOpenApi } from './openapi';
import { watchMethods } from './other-methods';
import { ProblemFilter } from './problem';
import { Requests } from './requests';
import { StartRefused } from './settings';

/** How long a stop may take before the process ends anyway. In milliseconds. */
const STOP_MS = 10_000;

export interface Listening {
  host: string;
  port: number;
  /** The setting that names the port, for the message when it is taken. */
  setting: string;
  /** What its log lines, its keys and its document are signed with. Default: the name of its module. */
  name?: string;
  /** Default: what is wrong, and nothing else. */
  log?: Log;
}

/** The app with what `serve` gives to all of its modules. */
@Module({})
class ServedModule {
  static of(app: DynamicModule, requests: Requests): DynamicModule {
    const providers = [{ provide: Requests, useValue: requests }];
    return { module: ServedModule, global: true, imports: [app], providers, exports: providers };
  }
}

/**
 * Serves one app over HTTP, as all apps here are served: input checked, errors as problem documents, each request in its
 * trace and in the log.
 * @throws StartRefused when the port can not be had.
 */
export function serve(module: DynamicModule, listening: Listening): Promise<NestFastifyApplication> {
  const { name = appName(module), log = openLog('warn', name) } = listening;
  const requests = new Requests();
  logRequests(log, name, requests);
  return runInApp(name, () =>
    listen(ServedModule.of(module, requests), requests, new NestLog(log), { ...listening, name }),
  );
}

async function listen(
  module: DynamicModule,
  requests: Requests,
  logger: NestLog,
  { host, port, setting, name }: Listening & { name: string },
): Promise<NestFastifyApplication> {
  const problems = new ProblemFilter();
  const adapter = new FastifyAdapter({
    serverFactory: httpServer,
    // httpServer has its own.
    clientErrorHandler: () => undefined,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    // What the router refuses (`/users/%`) never comes to Nest.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      requests.arrive(request, reply, () => problems.answer(error, request, reply)),
  });
  adapter.setOnRequestHook(requests.arrive);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    // Fastify's own parser for JSON alone: a form or plain text is what a stranger's web page could send by a browser.
    bodyParser: false,
    abortOnError: false,
  });
  const instance = app.getHttpAdapter().getInstance();
  instance.removeContentTypeParser('text/plain');
  instance.addHook('preParsing', refuseEncodedBody);
  instance.addHook('preValidation', refuseDeepBody);
  workBeforeAnswers(instance);
  const answerOtherMethods = watchMethods(instance, problems);
  honourIdempotencyKeys(instance, { app: name, log: () => app.get(EventLog, { strict: false }), problems });
  serveOpenApi(app, name);
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(problems);
  try {
    await app.init();
    answerOtherMethods();
    // Fastify's own listen: Nest's would log the error beside our message.
    await listenOn(instance, host, port);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new StartRefused(`Port ${port} is taken. Stop the program that has it, or set ${setting} to another port.`);
    }
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      throw new StartRefused(`Port ${port} is not allowed. Set ${setting} to a port above 1023.`);
    }
    throw error;
  }
  return app;
}

/** StoreManagerModule → store-manager. */
const appName = ({ module }: DynamicModule): string =>
  module.name
    .replace(/Module$/, '')
    .replaceAll(/(?!^)([A-Z])/g, '-$1')
    .toLowerCase();

/** Closes an app when its requests in flight are answered, without waiting for clients that keep their connection. */
export async function closeApp(app: NestFastifyApplication): Promise<void> {
  // Node closes the idle connections once; those whose last answer comes after that would stay for a minute.
  const closeIdle = setInterval(() => app.getHttpServer().closeIdleConnections(), 20);
  await app.close().finally(() => clearInterval(closeIdle));
}

/** A program that serves until it is told to end. */
export interface Running {
  /** Says that it will end while it still serves, and waits as long as others need to hear it. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Runs a program until SIGTERM or SIGINT, then stops it and ends with 0. A second signal ends it at once.
 * A refused start ends with 1 and its message alone.
 */
export async function runUntilSignal(start: () => Promise<Running>): Promise<void> {
  const starting = start();
  // Listening from the first moment on: a signal during the start stops what has been started when it is whole.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void starting.then(end, refuse));
  await starting.catch(refuse);
}

/** Runs a program that ends by itself: with 0, or with 1 and the message of what went wrong. */
export async function runToEnd(work: () => Promise<void>): Promise<void> {
  await work().catch(refuse);
}

function refuse(error: unknown): never {
  process.stderr.write(`${error instanceof StartRefused ? error.message : (error as Error).stack}\n`);
  process.exit(1);
}

async function end(running: Running): Promise<void> {
  await running.leave();
  setTimeout(() => {
    new Logger('stop').error(`not done after ${STOP_MS} ms: ending all the same`);
    process.exit(1);
  }, STOP_MS).unref();
  await running.stop();
  process.exit(0);
}
