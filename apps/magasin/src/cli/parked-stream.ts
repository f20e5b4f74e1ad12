import type { ParkedEvent, Stream, StreamDetail } from './answers';
import { errorsInWords, lines, oneLine, quoted } from './terminal/text';
import { relative, when } from './terminal/when';

/** So much of where the last attempt failed in the code: what a developer needs. */
const FRAMES = 5;

/** A parked stream as a page for a person, who then knows what to do. */
export function tellStream(detail: StreamDetail): string {
  const { consumer, stream, source, waiting, error, parked_at, failed_at, next_attempt_at, events } = detail;
  const next = next_attempt_at === null ? 'none: it waits for a person' : relative(next_attempt_at);
  return [
    `${oneLine(stream)} is parked for ${consumer}. ${waiting === 1 ? 'One event waits' : `${waiting} events wait`}.`,
    `  error     ${oneLine(error)}`,
    `  parked    ${when(parked_at)}`,
    `  failed    ${when(failed_at)}`,
    `  next try  ${next}`,
    `  log       ${oneLine(source)}`,
    ...events.flatMap((event) => ['', ...tellEvent(event, detail)]),
    ...(waiting > events.length ? ['', `${waiting - events.length} more wait behind these.`] : []),
  ].join('\n');
}

/** As the commands take it: a stream of a foreign log is named together with that log. */
export const streamInWords = ({ stream, source }: Pick<Stream, 'stream' | 'source'>): string =>
  source.startsWith('foreign:') ? `${quoted(stream)} --source ${quoted(source)}` : quoted(stream);

/** The repairs that there are for it, ready to be copied. */
export function tellWhatToDo({ consumer, stream, source, events: [first] }: StreamDetail): string {
  const key = oneLine(`${consumer} ${streamInWords({ stream, source })}`);
  return [
    '',
    `Try it again     npx magasin parked retry ${key} --why '…'`,
    ...(first ? [`Change its text  npx magasin parked edit ${key} ${first.position} --why '…'`] : []),
    ...(first ? [`Skip its first   npx magasin parked skip ${key} ${first.position} --why '…'`] : []),
  ].join('\n');
}

function tellEvent(event: ParkedEvent, { repairs }: StreamDetail): string[] {
  const { position, revision, type, version, recorded_at, payload, attempts } = event;
  const errors = errorsInWords(attempts.map(({ error }) => error));
  const own = repairs.filter((repair) => repair.position === position);
  return [
    `Event ${position}: ${oneLine(type) || 'of no type'}, version ${version}, revision ${revision}`,
    `  recorded  ${when(recorded_at)}`,
    ...lines(payload).map((line, index) => `${index === 0 ? '  text    ' : '          '}  ${line}`),
    ...attempts.map(({ at }, index) => `  failed    ${when(at)}: ${errors[index]}`),
    ...lines(attempts.at(-1)?.error ?? '')
      .slice(1, 1 + FRAMES)
      .map((line) => `            ${line.trim()}`),
    ...own.map(
      ({ at, who, why, action }) => `  repair    ${when(at)}: ${action} by ${oneLine(who)}, "${oneLine(why)}"`,
    ),
  ];
}
