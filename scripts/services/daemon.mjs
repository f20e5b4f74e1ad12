// Programs that outlive who starts them. What is known of one stands in its folder: its pid, its output.
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const SBIN = ['/usr/local/sbin', '/usr/sbin'];

/** A person can mend it: its message says what is missing or wrong, and what to do. */
export class StartRefused extends Error {
  name = 'StartRefused';
}

/**
 * One program in one folder. The kinds (kafka.mjs, mariadb.mjs, redis.mjs) say how it is prepared, started and asked:
 *
 * - `name`: for people; `ports`: all that it listens on, the first is the one that is asked;
 * - `prepare()`: makes what it needs before its first start; throws StartRefused;
 * - `command()`: its program and arguments; one of them is, or begins with, its folder: by this it is known again;
 * - `tied`: whether it dies with the process that started it, also when that is killed (where there is setpriv);
 * - `answer()`: resolves to what it says of itself, rejects while it does not answer; `log`: its log file.
 */
export class Daemon {
  constructor(kind) {
    Object.assign(this, kind);
    [this.port] = kind.ports;
    this.address = `127.0.0.1:${this.port}`;
  }

  /** The process that this folder's pid file names, if it is still this program and not another with its number. */
  get pid() {
    const [pid] = this.noted;
    return pid > 0 && commandLineOf(pid).includes(this.folder) ? pid : undefined;
  }

  /** It was started, nobody has stopped it, and it does not run. */
  get hasEnded() {
    return this.noted[0] > 0 && this.pid === undefined;
  }

  get noted() {
    return read(join(this.folder, 'pid')).split(' ').map(Number);
  }

  /**
   * Starts it, and waits until it really answers, for 120 s at most. One that runs is left alone.
   * @throws StartRefused with the last lines of its log.
   */
  async start() {
    if (this.pid === undefined) {
      for (const port of this.ports) await refuseTakenPort(this.name, port);
      mkdirSync(this.folder, { recursive: true });
      await this.prepare();
      this.launch(this.command());
    }
    const [pid, port] = this.noted;
    if (port !== this.port)
      throw new StartRefused(`${this.name} of this folder runs on port ${port}. Stop that first.`);
    const until = Date.now() + 120_000;
    for (;;) {
      try {
        return await this.answer();
      } catch (error) {
        const gone = !isAlive(pid);
        if (gone || Date.now() > until) {
          const what = gone ? 'ended instead of answering' : `does not answer: ${error.message}`;
          throw new StartRefused(`${this.name} ${what}. ${lastLines([join(this.folder, 'output'), this.log], 15)}`);
        }
      }
      await delay(50);
    }
  }

  launch(command) {
    const [program, ...args] = this.tied && hasSetpriv() ? ['setpriv', '--pdeathsig', 'KILL', ...command] : command;
    if (!this.tied) closeInherited();
    const file = join(this.folder, 'output');
    const output = openSync(file, 'w');
    // Debian keeps servers where only root's PATH leads.
    const env = { ...process.env, PATH: [process.env.PATH, ...SBIN].join(delimiter) };
    const child = spawn(program, args, { cwd: this.folder, env, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    child.on('error', ({ message }) => writeFileSync(file, message));
    child.unref();
    writeFileSync(join(this.folder, 'pid'), `${child.pid ?? 0} ${this.port}`);
  }

  /** SIGKILL, SIGSTOP and SIGCONT, for tests; waits until it has ended or stands still. Nothing when it does not run. */
  async signal(signal) {
    const { pid } = this;
    if (pid === undefined) return;
    send(pid, signal);
    while (signal === 'SIGKILL' && isAlive(pid)) await delay(10);
    while (signal === 'SIGSTOP' && statesOf(pid).some((state) => !'TZX'.includes(state))) await delay(10);
  }

  /** Ends it as it wants to be ended, and waits for that; one that has not ended after 30 s is killed. */
  async stop() {
    const { pid } = this;
    if (pid !== undefined) {
      send(pid, 'SIGTERM');
      send(pid, 'SIGCONT'); // One that is stopped hears nothing else.
      const until = Date.now() + 30_000;
      while (isAlive(pid) && Date.now() < until) await delay(20);
      await this.signal('SIGKILL');
    }
    rmSync(join(this.folder, 'pid'), { force: true });
    return pid;
  }
}

/** One that has just ended by itself needs no signal. */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

const hasSetpriv = () => spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;

const hasProc = existsSync('/proc/self/stat');
const ps = (pid, column) => spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)]).stdout?.toString() ?? '';
const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Empty for a process that is not there, or that is ending. */
const commandLineOf = (pid) =>
  hasProc ? read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') : ps(pid, 'command').trimEnd();

/** Of each thread, as ps shows it: a signal reaches them one after the other. None for a process that is not there. */
function statesOf(pid) {
  if (!(pid > 0)) return [];
  if (!hasProc) return ps(pid, 'stat').slice(0, 1).split('');
  try {
    const stats = readdirSync(`/proc/${pid}/task`).map((thread) => read(`/proc/${pid}/task/${thread}/stat`));
    return stats.map((stat) => stat.replace(/^.*\) /s, '').slice(0, 1)).filter(Boolean);
  } catch {
    return [];
  }
}

/** Until its last thread has ended it has its ports. One that ended and was not yet buried (Z) has nothing. */
const isAlive = (pid) => statesOf(pid).some((state) => !'ZX'.includes(state));

/**
 * Closes the descriptors that were handed to this process and that it would hand on: else `flock 200; npm run services`
 * holds its lock for as long as the daemons live. Node's own are closed by themselves (bit O_CLOEXEC).
 */
function closeInherited() {
  if (!existsSync('/proc/self/fdinfo')) return;
  for (const fd of readdirSync('/proc/self/fdinfo').map(Number)) {
    if (fd <= 2) continue;
    try {
      const [, flags] = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
      if ((parseInt(flags, 8) & 0o2000000) === 0) closeSync(fd);
    } catch {
      // The one that listed them is gone already.
    }
  }
}

/** @throws StartRefused when another program has the port. */
async function refuseTakenPort(name, port) {
  const code = await bindError(port);
  if (code === undefined) return;
  const why = code === 'EADDRINUSE' ? 'is taken by another program' : `may not be used (${code})`;
  throw new StartRefused(`${name} can not start: port ${port} ${why}. Free it, or choose another address.`);
}

/** Why nobody can listen there now, if so. */
async function bindError(port) {
  const server = createServer();
  const error = await new Promise((done) =>
    server.once('error', done).listen(port, '127.0.0.1', () => done(undefined)),
  );
  if (error) return error.code;
  await new Promise((done) => server.close(done));
  return undefined;
}

/**
 * A port that nobody has. Not one of those that connections take by themselves (from 32768 on): it is still free when a
 * server that was killed comes back.
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if ((await bindError(port)) === undefined) return port;
  }
}

/** The end of the first of these files that says something. */
export function lastLines(files, count) {
  for (const file of files) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '';
    if (text) return `The last lines of ${file}:\n${text.split('\n').slice(-count).join('\n')}`;
  }
  return `Nothing is in ${files[0]}.`;
}
