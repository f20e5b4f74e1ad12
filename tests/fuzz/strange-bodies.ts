import * as fc from 'fast-check';
import type { Route } from './routes';
import type { Piece } from './strange-request';
import { jsonValue, noJson, ODD_VALUES } from './strange-text';

interface Member {
  name: string;
  value: Piece[];
}

type Edit = (member: Member, value: Piece[]) => Member[];

/** What may go wrong with one member of a body that is well but for it. */
const EDITS: Record<string, Edit> = {
  dropped: () => [],
  other: ({ name }, value) => [{ name, value }],
  twice: (member, value) => [member, { name: member.name, value }],
  'other first': (member, value) => [{ name: member.name, value }, member],
  'in a list': ({ name, value }) => [{ name, value: ['[', ...value, ']'] }],
  'in an object': ({ name, value }) => [{ name, value: ['{"value":', ...value, '}'] }],
  'as text': ({ name, value }) => [{ name, value: [JSON.stringify(textOf(value))] }],
  'in capitals': ({ name, value }) => [{ name: name.toUpperCase(), value }],
  'with a blank': ({ name, value }) => [{ name: ` ${name}`, value }],
};

const STRANGE_NAMES = [
  ...'__proto__|constructor|prototype|toString|hasOwnProperty|then|length|toJSON|id|place|statusCode|message'.split(
    '|',
  ),
  ...'|0|$where|é|a/b~c|\u0000|\uD800'.split('|'),
  'x'.repeat(5_000),
];

const strangeName = fc.oneof(fc.constantFrom(...STRANGE_NAMES), fc.string({ maxLength: 20 }));

const textOf = (pieces: Piece[]): string => pieces.filter((piece) => typeof piece === 'string').join('');

const written = (members: Member[]): Piece[] =>
  joined([
    '{',
    ...members.flatMap(({ name, value }, index) => [`${index > 0 ? ',' : ''}${JSON.stringify(name)}:`, ...value]),
    '}',
  ]);

/** Text that stands side by side as one piece: a failure prints it. */
function joined(pieces: Piece[]): Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') whole[whole.length - 1] = last + piece;
    else whole.push(piece);
  }
  return whole;
}

/** Its address is nobody's yet: a body that is well would be refused the second time. */
const fresh = (value: unknown, number: number): unknown =>
  typeof value === 'string' && value.includes('@') ? value.replace(/^[^@]*/, `fuzz${number}`) : value;

/** The documented example as it is, but for its address. */
export const exampleBody = (fields: Record<string, unknown>, number = 0): Piece[] =>
  written(Object.entries(fields).flatMap(([name, value]) => member(name, fresh(value, number))));

export const wellBody = (fields: Record<string, unknown>): fc.Arbitrary<Piece[]> =>
  fc.nat().map((number) => exampleBody(fields, number));

const member = (name: string, value: unknown): Member[] =>
  value === undefined ? [] : [{ name, value: [JSON.stringify(value)] }];

function valueFor(example: unknown): fc.Arbitrary<Piece[]> {
  const inside = inList(example);
  if (!inside) return jsonValue;
  return fc.oneof({ weight: 3, arbitrary: strangeList(inside) }, { weight: 1, arbitrary: jsonValue });
}

/** The documented example, with one to three of its members changed, and now and then one that does not belong there. */
function nearlyWellBody(fields: Record<string, unknown>): fc.Arbitrary<Piece[]> {
  const names = Object.keys(fields);
  const edit = fc.oneof(
    { weight: 3, arbitrary: fc.constant('other') },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(EDITS)) },
  );
  const change = fc
    .constantFrom(...names)
    .chain((name) => fc.record({ name: fc.constant(name), edit, value: valueFor(fields[name]) }));
  const stranger = fc.record({ name: strangeName, value: jsonValue });
  return fc
    .record({
      number: fc.nat(),
      changes: fc.uniqueArray(change, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
      strangers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(stranger, { maxLength: 2 })),
    })
    .map(({ number, changes, strangers }) => {
      const own = names.flatMap((name) => {
        const change_ = changes.find((one) => one.name === name);
        const members = member(name, fresh(fields[name], number));
        if (!change_) return members;
        return EDITS[change_.edit](members[0] ?? { name, value: ['null'] }, change_.value);
      });
      return written([...own, ...strangers]);
    });
}

/**
 * The documented example with one member left out, or with an odd value in its place: each, one by one, those of the
 * objects in a list, too.
 */
export const oddBodies = (fields: Record<string, unknown>): Piece[][] =>
  Object.keys(fields).flatMap((odd, place) =>
    [undefined, ...ODD_VALUES, ...oddLists(fields[odd])].map((value, number) =>
      written(
        Object.entries(fields).flatMap(([name, example]) => {
          if (name !== odd) return member(name, fresh(example, place * 1_000 + number));
          return value ? [{ name, value }] : [];
        }),
      ),
    ),
  );

function oddLists(example: unknown): Piece[][] {
  const inside = inList(example);
  return inside ? oddBodies(inside).map((body) => listOf([exampleBody(inside), body])) : [];
}

/** Objects that are well, nearly so, or none. */
function strangeList(fields: Record<string, unknown>): fc.Arbitrary<Piece[]> {
  const part = fc.oneof(
    { weight: 4, arbitrary: nearlyWellBody(fields) },
    { weight: 3, arbitrary: wellBody(fields) },
    { weight: 1, arbitrary: jsonValue },
  );
  return fc.array(part, { minLength: 1, maxLength: 4 }).map(listOf);
}

const listOf = (parts: Piece[][]): Piece[] =>
  joined(['[', ...parts.flatMap((part, index) => (index > 0 ? [',', ...part] : part)), ']']);

/** The fields of the objects in a list; undefined when the example is none of objects. */
const inList = (example: unknown): Record<string, unknown> | undefined =>
  Array.isArray(example) && typeof example[0] === 'object' ? (example[0] as Record<string, unknown>) : undefined;

const anyObject = fc
  .array(fc.record({ name: strangeName, value: jsonValue }), { maxLength: 4 })
  .map((members) => written(members));

/** A body that the route may not take, most of the time. What it takes by luck must have its whole effect. */
export function strangeBody({ body }: Route): fc.Arbitrary<Piece[]> {
  const junk = fc.oneof({ weight: 2, arbitrary: jsonValue }, anyObject, noJson);
  if (body === undefined || Object.keys(body).length === 0) return junk;
  const cut = wellBody(body).chain((pieces) => {
    const text = textOf(pieces);
    return fc.nat({ max: text.length - 1 }).map((length) => [text.slice(0, length)]);
  });
  return fc.oneof(
    { weight: 7, arbitrary: nearlyWellBody(body) },
    { weight: 1, arbitrary: cut },
    { weight: 2, arbitrary: junk },
  );
}
