// One service as it is seen from this folder: whether it answers, and whether it was started from here.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nobodyListens } from './answers.mjs';
import { lastLines, StartRefused } from './daemon.mjs';
import { compose } from './docker.mjs';
import { addressOf, placeOf, SERVICES } from './services.mjs';

const HOME = resolve('.services');

export class Here {
  /** @param say writes a line for people */
  constructor(name, say) {
    this.name = name;
    this.say = say;
    this.service = SERVICES[name];
    this.title = this.service.title;
    this.place = placeOf(this.service);
    this.shown = `${this.place.host}:${this.place.port}`;
    this.folder = join(HOME, name);
    this.native = this.service.native({ folder: this.folder, port: this.place.port });
    /** Is there while docker compose runs it for this folder. */
    this.container = join(this.folder, 'container');
  }

  ask = () => this.service.ask(addressOf(this.service));

  /** Undefined when it was not started from here. */
  get how() {
    const { pid, log } = this.native;
    if (pid !== undefined) return `started from here, pid ${pid}, ${relative('.', log)}`;
    if (this.native.hasEnded) return `started from here, has ended by itself, ${relative('.', log)}`;
    return existsSync(this.container) ? 'started from here, docker compose' : undefined;
  }

  /** The end of the log of one that was started from here and has ended by itself. A crash takes many lines. */
  get lastWords() {
    return this.native.hasEnded ? lastLines([this.native.log], 80) : undefined;
  }

  /** @throws StartRefused when it can not be there, in words for people. */
  async start(inContainers) {
    // One that is starting is waited for; one that somebody stopped, too.
    if (this.native.pid !== undefined) return this.native.start();
    try {
      return await this.ask();
    } catch (error) {
      this.refuseWhereSomethingIs(error);
    }
    this.say(`${this.title} is started at ${this.shown} ...`);
    mkdirSync(this.folder, { recursive: true });
    if (!(await inContainers())) return this.native.start();
    await compose('up', '--detach', this.name);
    writeFileSync(this.container, '');
    return this.untilItAnswers();
  }

  refuseWhereSomethingIs(error) {
    const { variable, at } = this.service;
    const port = this.place.port + (this.place.port < 50_000 ? 10_000 : -10_000);
    const elsewhere = `${variable}=${at(port)} npm run services`;
    if (error.code === 'ER_ACCESS_DENIED_ERROR') {
      throw new StartRefused(
        `${this.shown} refuses: ${error.message}. Let ${variable} name a user who may make databases, ` +
          `or have another ${this.title}: ${elsewhere}`,
      );
    }
    if (!this.place.startable) {
      throw new StartRefused(
        `${addressOf(this.service)} does not answer (${error.message}), and is not a place where one can be started.`,
      );
    }
    if (!nobodyListens(error)) {
      throw new StartRefused(
        `${this.shown} is taken: what listens there does not answer as ${this.title} does (${error.message}). ` +
          `Free the port, or take another: ${elsewhere}`,
      );
    }
  }

  async untilItAnswers() {
    for (const until = Date.now() + 120_000; ; await delay(200)) {
      try {
        return await this.ask();
      } catch (error) {
        if (Date.now() < until) continue;
        throw new StartRefused(
          `${this.title} is up, and does not answer: ${error.message}. docker compose --project-name magasin-services logs ${this.name}`,
        );
      }
    }
  }

  /** @returns what it did, in words */
  async stop() {
    const pid = await this.native.stop();
    if (pid !== undefined) return `ended, pid ${pid}`;
    if (!existsSync(this.container)) return 'not started from here, left alone';
    await compose('stop', this.name);
    rmSync(this.container);
    return 'container stopped';
  }
}
