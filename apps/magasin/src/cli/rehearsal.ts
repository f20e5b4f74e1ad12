import type { Rehearsal } from './answers';
import { tableFor } from './list';
import type { GlobalOptions } from './session';
import { oneLine, quoted } from './terminal/text';

/** What a replay would make, and the command that makes it. */
export function tellRehearsal(rehearsal: Rehearsal, options: GlobalOptions): string {
  const { consumer, from, to, events, effects, unreadable, would_make } = rehearsal;
  const more = effects - would_make.length;
  return [
    `A replay of ${from} to ${to} into ${consumer} makes what is missing, and nothing twice.`,
    `  events      ${events}`,
    `  effects     ${effects}`,
    ...(unreadable > 0 ? [`  unreadable  ${unreadable}: these events would be parked`] : []),
    ...(would_make.length > 0 ? ['', ...tableFor(MADE).lines(would_make)] : []),
    ...(more > 0 ? [`and ${more} more.`] : []),
    ...(effects > 0 ? ['', 'To make them:', `  ${realRun(rehearsal, options)}`] : []),
  ].join('\n');
}

type Made = Rehearsal['would_make'][number];

const MADE = [
  { title: 'event', value: (row: Made) => row.position },
  { title: 'type', value: (row: Made) => row.type },
  { title: 'stream', value: (row: Made) => row.stream },
  { title: 'would make', value: (row: Made) => inWords(row.effect), elastic: true },
];

/** `template welcome, recipient grace@example.com` */
function inWords(effect: unknown): string {
  if (typeof effect !== 'object' || effect === null) return String(effect);
  const members = Object.entries(effect).map(([name, value]) => `${name} ${textOf(value)}`);
  return members.join(', ');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function realRun({ consumer, from, to, types, token }: Rehearsal, { url, who }: GlobalOptions): string {
  const given = { url, who, consumer, from, to, types: types.join(','), token };
  const words = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  );
  return oneLine(`npx magasin replay ${words.join(' ')} --why '…'`);
}
