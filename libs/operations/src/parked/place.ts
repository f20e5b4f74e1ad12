import type { ParkedStream } from '@magasin/event-bus';

/** Where a page of parked streams ends. */
type Place = Pick<ParkedStream, 'failed_at' | 'source' | 'stream'>;

export const toCursor = ({ failed_at, source, stream }: Place): string =>
  Buffer.from(JSON.stringify([failed_at, source, stream])).toString('base64url');

/** Undefined for what is no cursor of ours. */
export function toPlace(cursor: string): Place | undefined {
  try {
    const [failed_at, source, stream] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof failed_at !== 'number' || typeof source !== 'string' || typeof stream !== 'string') return undefined;
    return { failed_at, source, stream };
  } catch {
    return undefined;
  }
}
