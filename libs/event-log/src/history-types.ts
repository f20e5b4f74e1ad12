import { eventTypesOf } from '@magasin/contracts';

/** What was asked for by types and topic names nothing. Its message is for whoever asked. */
export class NothingNamed extends Error {
  override name = 'NothingNamed';
}

/**
 * The types of a selection: those that are published on the topic, or those of them that are named. A type is not asked
 * whether it is known, for a log may be older than the program.
 * @throws NothingNamed
 */
export function typesOf({ types, topic }: { types?: string[]; topic?: string }): string[] | undefined {
  if (topic === undefined) return types;
  const onTopic = eventTypesOf(topic).map(({ name }) => name);
  if (onTopic.length === 0) throw new NothingNamed(`There is no topic ${topic}.`);
  const meant = types?.filter((type) => onTopic.includes(type)) ?? onTopic;
  if (meant.length === 0)
    throw new NothingNamed(`The topic ${topic} has no ${types!.join()}: it has ${onTopic.join()}.`);
  return meant;
}
