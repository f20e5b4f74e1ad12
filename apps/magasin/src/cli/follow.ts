import { setTimeout } from 'node:timers/promises';
import type { Api } from './api';
import type { Consumer, Instance } from './answers';
import { EXIT, type ExitCode } from './failures';
import type { Session } from './session';
import { oneLine } from './terminal/text';

const LOOK_AGAIN_MS = 500;

/** Follows a rebuild or a replay to its end. It goes on in the shop, whether somebody looks or not. */
export async function follow(session: Session, shop: Api, name: string): Promise<ExitCode> {
  const progress = session.progress();
  let told: string | undefined;
  for (;;) {
    const { body: instances } = await shop.get<Instance[]>('/admin/instances');
    const { body: consumers } = await shop.get<Consumer[]>('/admin/consumers');
    const instance = instances.find((one) => one.instance === name);
    const status = consumers.find((one) => one.consumer === name);
    const end = endOf(instance, status);
    if (end || !instance) {
      progress.end();
      await session.print(session.json ? JSON.stringify(instance ?? null) : `${name} ${end?.text ?? 'is gone.'}`);
      return end?.code ?? EXIT.part;
    }
    if (status?.error && status.error !== told) {
      progress.end();
      session.say(`${name} is ${status.state}: ${oneLine(status.error)}`);
      told = status.error;
    }
    showHowFar(progress, instance, status);
    await setTimeout(LOOK_AGAIN_MS);
  }
}

function endOf(
  instance: Instance | undefined,
  status: Consumer | undefined,
): { code: ExitCode; text: string } | undefined {
  if (!instance) return undefined;
  if (instance.state === 'done') return { code: EXIT.done, text: 'is done.' };
  if (instance.state !== 'running') return { code: EXIT.done, text: `is ${instance.state}: it is what is read now.` };
  const parked = status?.parked_streams ?? 0;
  const { to_position } = instance;
  // What is parked keeps a replay open. It is a matter for a person, or for hours.
  if (to_position !== null && parked > 0 && status!.position >= to_position) {
    const streams = parked === 1 ? 'one stream' : `${parked} streams`;
    return { code: EXIT.part, text: `has come to its end with ${streams} parked: npx magasin parked` };
  }
  return undefined;
}

function showHowFar(
  progress: ReturnType<Session['progress']>,
  { instance, from_position, to_position }: Instance,
  status: Consumer | undefined,
): void {
  if (!status) return progress.show(`${instance}: about to begin`);
  const last = to_position ?? status.head;
  const done = Math.max(0, Math.min(status.position, last) - from_position + 1);
  progress.bar(done, last - from_position + 1, `${instance}: at ${status.position} of ${last}`);
}
