import { AsyncLocalStorage } from 'node:async_hooks';
import { currentTrace } from '@magasin/event-log';
import { Logger, PinoLogger } from 'nestjs-pino';
import { destination, type Logger as Log, pino, stdTimeFunctions } from 'pino';
import type { Requests } from './requests';

export type { Log };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** A reader that does not keep up may cost so much memory; then lines are dropped, for the shop is to go on. */
const LONGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

const apps = new AsyncLocalStorage<string>();

/** Lines that are written by what `work` starts name this app. */
export const runInApp = <T>(app: string, work: () => T): T => apps.run(app, work);

/**
 * The log of this process: one JSON object a line, each with the app and the trace that it belongs to. It goes to
 * stderr, so that stdout is left to what the program tells its user, and is written without waiting: see `flushLog`.
 * One for each process: nestjs-pino keeps the first.
 *
 * @param name what lines are signed with that no app has written
 */
export function openLog(level: string, name: string): Log {
  const stderr = destination({ dest: 2, sync: false, maxLength: LONGEST_BACKLOG_BYTES });
  // A log that can not be written (a full disk) must not end the shop.
  stderr.on('error', () => undefined);
  const options = {
    level,
    base: undefined,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => ({ app: apps.getStore() ?? name, ...currentTrace() }),
    // No other member of an error: TypeORM's carry the values of the statement, and those are people's data.
    serializers: { err: ({ name: type, message, stack }: Error) => ({ type, message, stack }) },
  };
  return pino(options, stderr);
}

/** Resolves when every line is written that was logged before. Lines of the last moment are written at exit. */
export const flushLog = (log: Log): Promise<void> => new Promise((done) => log.flush(() => done()));

/** What the framework tells of its own start, some sixty lines of it. */
const START = new Set(['InstanceLoader', 'NestApplication', 'NestFactory', 'RouterExplorer', 'RoutesResolver']);

/** Nest's logger, writing into the log. */
export class NestLog extends Logger {
  constructor(log: Log) {
    super(new PinoLogger({ pinoHttp: { logger: log, wrapSerializers: false } }), {});
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (START.has(String(rest.at(-1)))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}

/** One line for each request. Bodies, headers, paths and queries stay out: they may name people or carry secrets. */
export function logRequests(log: Log, app: string, requests: Requests): void {
  requests.onAnswered(({ method, route, status, seconds, trace, quiet }) => {
    const level = quiet ? 'debug' : status >= 500 ? 'warn' : 'info';
    if (!log.isLevelEnabled(level)) return;
    const ms = Math.round(seconds * 100_000) / 100;
    log[level]({ app, ...trace, context: 'http', method, route, status, ms }, `${method} ${route} ${status}`);
  });
}
