import * as fc from 'fast-check';
import type { Piece } from './strange-request';

const LONG = 2_000_000;
const DEEP = 100_000;

const nested = (open: string, inside: string, close: string, times: number): Piece[] => [
  { text: open, times },
  inside,
  { text: close, times },
];

/** JSON that parses, and is nothing that anybody should send. */
export const ODD_VALUES: Piece[][] = [
  'null|true|0|-0|-1|1.5|1e3|1e308|1e-400|1e999|5e-324|9007199254740991|9007199254740992|18446744073709551616',
  String.raw`""|" "|"1"|"1e3"|"0x10"|"NaN"|"-0"|"\u0000"|"a\u0000b"|"\ud800"|"\udc00x"|"\ufeff"|"\u202e"|"\u200b"`,
  String.raw`"\r\nBcc: a"|"😀"|"é\u0301"|"İ"|"ß@ß.de"|"<b>&amp;"|"'; --"|"\${7}{{7}}"|"2026-02-30"|"__proto__"|"constructor"`,
  '[]|[[]]|[null]|[1,"1",{}]|{}|{"":""}|{"length":-1}|{"$ref":"#"}|{"toString":1,"then":2}',
  '{"__proto__":{"polluted":1}}|{"constructor":{"prototype":{"polluted":1}}}',
].flatMap((line) => line.split('|').map((text) => [text]));

const HUGE_VALUES: Piece[][] = [
  ['"', { text: 'x', times: LONG }, '"'],
  ['"', { text: 'é', times: 100_000 }, '"'],
  ['1', { text: '0', times: 100_000 }],
  ['[', { text: '0,', times: 100_000 }, '0]'],
  ['[', { text: '{},', times: 100_000 }, '{}]'],
  ['{', { text: '"a":1,', times: 50_000 }, '"a":2}'],
  nested('[', '', ']', DEEP),
  nested('{"a":', '1', '}', DEEP),
  nested('[', '', ']', 600),
  nested('{"data":', '{}', '}', 600),
];

/** What no JSON parser may take. */
const NO_JSON: Piece[][] = [
  `NaN|Infinity|-|01|+1|.5|1.|0x10|undefined|'x'|{|[|"|{"a"|{"a":}|{"a":1,}|[1,]|{"a":1}{}|{a:1}|"\t"|\u0000|\ufeff{}`,
  String.raw`"\x"|| |name=Grace|<a/>`,
].flatMap((line) => line.split('|').map((text) => [text]));
const NO_UTF8: Piece[][] = [
  [{ hex: 'ff' }],
  ['"', { hex: 'eda080' }, '"'],
  ['{"name":"', { hex: 'c0af' }, '"}'],
  [{ hex: 'fffe7b007d00' }],
  [{ hex: '1f8b0800' }],
];
const NO_JSON_HUGE: Piece[][] = [
  [{ text: '[', times: DEEP }],
  [{ text: '{"a":', times: DEEP }],
  [{ text: 'x', times: LONG }],
];

const text = (most: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ maxLength: most }),
    fc.string({ maxLength: most, unit: 'binary' }),
    fc.string({ maxLength: most, unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  );

/** A value in the text of a body. Big ones are rare: each costs as much as a hundred others. */
export const jsonValue: fc.Arbitrary<Piece[]> = fc.oneof(
  { weight: 50, arbitrary: fc.constantFrom(...ODD_VALUES) },
  // Well-formed: a lone surrogate leaves as its escape.
  { weight: 20, arbitrary: text(200).map((value) => [JSON.stringify(value)]) },
  {
    weight: 15,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => [JSON.stringify(value)]),
  },
  // Of something that there is.
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 15 }).map((value) => [String(value)]) },
  { weight: 5, arbitrary: fc.bigInt().map((value) => [String(value)]) },
  { weight: 15, arbitrary: fc.jsonValue({ maxDepth: 4 }).map((value) => [JSON.stringify(value)]) },
  { weight: 4, arbitrary: fc.constantFrom(...HUGE_VALUES) },
);

/** What is no JSON, or no UTF-8. */
export const noJson: fc.Arbitrary<Piece[]> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...NO_JSON) },
  { weight: 8, arbitrary: fc.constantFrom(...NO_UTF8) },
  { weight: 10, arbitrary: text(50).map((value) => [value]) },
  { weight: 2, arbitrary: fc.constantFrom(...NO_JSON_HUGE) },
);

export const URL_TEXTS = [
  '|1e3|0x10|-1|-0|0|01|+1|1.0|1.|%201|1%20|1_000|%D9%A3|NaN|Infinity|null|true|9007199254740991|9007199254740992',
  '%00|1%00|%FF|%ED%A0%80|%F0%9F%98%80|%|%2|%zz|%0d%0aX:1|\xE9|%E9|"|\'|@|:id|{{7*7}}|$ne|1%27%20OR%201=1--',
  '.|..|%2e%2e|..%2f..%2fetc%2fpasswd|%5c|\\|*|;v=1|6;v=1|6%3Bv|6?|6#x|6&x|__proto__|constructor|toString',
  '2026-02-30|2026-11-23|0000-01-01|9999-12-31T23:59:59-23:59|2026-11-23T24:00:00Z|12:00|T|user-6|sent|desc',
  '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b|ffffffff-ffff-ffff-ffff-ffffffffffff',
].flatMap((line) => line.split('|'));
const LONG_URL_TEXTS = ['9'.repeat(90), '9'.repeat(400), 'x'.repeat(9_000)];

// Of pages, of parked streams, and what only looks like one.
const CURSORS = '0|1|-1|1e3|9007199254740991|[1,"a","b"]|[1e308,"",""]|["1","",""]|[null,"",""]|{}|[]'
  .split('|')
  .map((place) => Buffer.from(place).toString('base64url'));

/** Text in a path or a query, as it goes over the wire. */
export const urlText: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...URL_TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG_URL_TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...CURSORS) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 15 }).map(String) },
  {
    weight: 3,
    arbitrary: fc.string({ maxLength: 20, unit: 'binary' }).map((value) => encodeURIComponent(value.toWellFormed())),
  },
);
