import type { EventLog } from '@magasin/event-log';
import { InstanceReplaced } from '../errors';
import type { Consumer } from '../event-bus';
import { type ConsumerInstance, isReplaced } from '../instance';

/**
 * The position behind which a consumer begins that has no progress yet.
 * @throws InstanceReplaced when it has none any more
 */
export async function firstPosition(
  { history, reading }: EventLog,
  { name, startAt }: Consumer,
  range?: ConsumerInstance,
): Promise<number> {
  if (await isReplaced(reading.manager, name)) throw new InstanceReplaced(name);
  if (range) return range.from_position - 1;
  if (startAt === 'now') return history.end();
  // Where the log begins: retention may have removed what was before.
  const [oldest] = await history.after(0, 1);
  return oldest ? oldest.position - 1 : 0;
}
