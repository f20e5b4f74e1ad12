import { Problem } from '@magasin/hosting';

export class StreamNotParked extends Problem {
  readonly status = 404;

  constructor(consumer: string, stream: string) {
    super(`${stream} is not parked for ${consumer}: nothing of it waits.`);
  }
}

/** Somebody, or the consumer itself, was there first. Look again before you do anything else. */
export class ParkedOtherwise extends Problem {
  readonly status = 409;

  constructor(stream: string, why: string) {
    super(`${stream} is not as you saw it: ${why}. Nothing was changed.`);
  }
}

export class EditingIsOff extends Problem {
  readonly status = 403;

  constructor() {
    super('Events can not be edited here. Whoever runs the shop may allow it by the setting EDIT_PARKED_EVENTS=on.');
  }
}

/** The text that was to take the place of an event is none, or not of that type and stream. */
export class EditRefused extends Problem {
  readonly status = 400;

  constructor(violations: string[]) {
    const errors = violations.map((detail) => ({ detail, pointer: '#/data' }));
    super(violations.join('; '), { errors });
  }
}
