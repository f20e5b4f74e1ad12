import type { RecordedEvent } from './history';

/**
 * A payload as a part of other JSON: to the letter when it is a JSON object on one line, as all are that `record` wrote.
 * Any other, put into the table by hand, is a string there, so that no reader of the whole stumbles over it.
 */
export const asJson = (payload: string): string =>
  payload.startsWith('{') && !/[\n\r]/.test(payload) && isJson(payload) ? payload : JSON.stringify(payload);

/**
 * An event as one line of JSON, with all that a consumer needs. `data` is the payload to the letter, and the last member,
 * so that a reader in any language can cut it out.
 */
export const toLine = (
  source: string,
  { position, id, type, stream, version, payload, metadata, occurredAt }: RecordedEvent,
): string =>
  `{"position":${position},"id":"${id}","source":"${source}","type":${JSON.stringify(type)},` +
  `"stream":${JSON.stringify(stream)},"version":${version},"recorded_at":"${new Date(occurredAt).toISOString()}",` +
  `"metadata":${metadata},"data":${asJson(payload)}}`;

/** What a line says, for people and their JSON. */
export interface EventLine {
  position: number;
  id: string;
  /** The identity of the log. */
  source: string;
  type: string;
  stream: string;
  version: number;
  recorded_at: string;
  metadata: Record<string, unknown>;
  /** The JSON that consumers read; a string is the text of a payload that is no JSON object. */
  data: Record<string, unknown> | string;
}

const METADATA = ',"metadata":';
const DATA = ',"data":';

/**
 * Reads a line back, for a consumer whose database is not the log's. Nothing is lost: payload and metadata are the same
 * texts as in the log.
 * @throws SyntaxError for a line that was cut off, or is none of ours.
 */
export function fromLine(line: string): RecordedEvent & { source: string } {
  const { position, id, source, type, stream, version, recorded_at, data: read } = JSON.parse(line) as EventLine;
  // Strings and numbers come before, so the first match is the member.
  const metadata = line.indexOf(METADATA) + METADATA.length;
  // Metadata may have a member `data` too. After that one a bracket too many follows: the rest is no JSON.
  for (let data = line.indexOf(DATA, metadata); data > 0; data = line.indexOf(DATA, data + 1)) {
    const text = line.slice(data + DATA.length, -1);
    if (!isJson(text)) continue;
    const payload = typeof read === 'string' ? read : text;
    const occurredAt = Date.parse(recorded_at);
    return { position, id, source, type, stream, version, payload, metadata: line.slice(metadata, data), occurredAt };
  }
  throw new SyntaxError(`This line is no event of a log: ${line.slice(0, 200)}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
