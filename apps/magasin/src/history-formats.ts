import { asJson, type RecordedEvent, toLine } from '@magasin/event-log';

/** Turns stretches of events into the text of a file. */
type Format = (stretches: AsyncIterable<RecordedEvent[]>, source: string) => AsyncGenerator<string>;

export const formats: Record<'lab' | 'ndjson', { file: string; write: Format }> = {
  lab: { file: 'user_events_history.json', write: writeArray },
  ndjson: { file: 'events.ndjson', write: writeLines },
};

/** One JSON array of the values, as consumers read them. */
async function* writeArray(stretches: AsyncIterable<RecordedEvent[]>): AsyncGenerator<string> {
  let separator = '[\n  ';
  for await (const events of stretches) {
    if (events.length === 0) continue;
    yield separator + events.map(({ payload }) => asJson(payload)).join(',\n  ');
    separator = ',\n  ';
  }
  yield separator.startsWith('[') ? '[]\n' : '\n]\n';
}

/** A line an event, the same as `GET /events` streams. */
async function* writeLines(stretches: AsyncIterable<RecordedEvent[]>, source: string): AsyncGenerator<string> {
  for await (const events of stretches) yield events.map((event) => `${toLine(source, event)}\n`).join('');
}
