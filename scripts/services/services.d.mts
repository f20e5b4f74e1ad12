/** A program of its own in its own folder. See daemon.mjs. */
export interface Daemon {
  /** host:port */
  readonly address: string;
  /** Undefined when it does not run. */
  readonly pid: number | undefined;
  readonly folder: string;
  /** Waits until it answers; resolves to what it says of itself. @throws Error with the last lines of its log. */
  start(): Promise<string>;
  /** Ends it as it wants to be ended, and waits for that. */
  stop(): Promise<number | undefined>;
  /** Waits: after SIGKILL until its ports are free, after SIGSTOP until its last thread stands still. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
}

export interface DaemonOptions {
  folder: string;
  port: number;
  /** Dies with the process that started it. */
  tied?: boolean;
}

export function kafka(options: DaemonOptions & { controllerPort?: number }): Daemon;
export function mariadb(options: DaemonOptions): Daemon;
export function redis(options: DaemonOptions): Daemon;
export function freePort(): Promise<number>;

export type ServiceName = 'mariadb' | 'redis' | 'kafka';

export interface Service {
  title: string;
  variable: string;
  ask(address: string): Promise<string>;
}

export const SERVICES: Record<ServiceName, Service>;
export function addressOf(service: Service): string;
