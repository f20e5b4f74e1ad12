/**
 * The partition of a stream: Kafka's own default for a key, which Java's clients and kafkajs share (`murmur2_random` in
 * librdkafka). So whoever publishes by key, in any language, publishes a stream to the same place as we do.
 */
export const partitionOf = (stream: string, partitions: number): number =>
  (murmur2(Buffer.from(stream)) & 0x7fffffff) % partitions;

const MULTIPLIER = 0x5bd1e995;
const SEED = 0x9747b28c;

/** As in org.apache.kafka.common.utils.Utils: a signed number of 32 bits. */
export function murmur2(bytes: Buffer): number {
  const { length } = bytes;
  const tail = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < tail; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  for (let at = length - 1; at >= tail; at -= 1) hash ^= bytes[at] << ((at - tail) * 8);
  if (length > tail) hash = Math.imul(hash, MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}
