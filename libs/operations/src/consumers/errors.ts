import { Problem } from '@magasin/hosting';

export class ConsumerNotHere extends Problem {
  readonly status = 404;

  constructor(consumer: string, here: string[]) {
    super(`There is no consumer ${consumer} in this app. It has: ${here.join(', ') || 'none'}.`);
  }
}

export class ReplayRefused extends Problem {
  readonly status = 409;

  constructor(consumer: string) {
    super(
      `Nothing can be replayed into ${consumer}: its effects are not keyed by event, so they would happen twice. ` +
        `Rebuild it, where it can be rebuilt.`,
    );
  }
}

export class RebuildRefused extends Problem {
  readonly status = 409;

  constructor(consumer: string) {
    super(`${consumer} can not be rebuilt: its effects do not stand under the name of an instance.`);
  }
}

export class InstanceRunning extends Problem {
  readonly status = 409;

  constructor(consumer: string, purpose: string) {
    super(`A ${purpose} of ${consumer} is running. Wait for its end: GET /admin/instances shows it.`);
  }
}

export class ReplayChanged extends Problem {
  readonly status = 409;

  constructor() {
    super('What would be replayed is not what that dry run showed. Nothing was begun: look at a new dry run first.');
  }
}

export class ReplayTooLong extends Problem {
  readonly status = 400;

  constructor(longest: number) {
    const detail = `a replay goes over ${longest} positions at most: do it in parts`;
    super(detail, { errors: [{ detail, pointer: '#/to' }] });
  }
}
