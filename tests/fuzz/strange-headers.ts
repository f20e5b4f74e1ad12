import * as fc from 'fast-check';
import type { Header } from './strange-request';

const HEADERS: Record<string, string> = {
  'Idempotency-Key': 'a|"a"|"|""|"a\\"|"a", "b"|__proto__|é|\' OR 1=1',
  'X-Correlation-Id': 'till 3|| |é|{"a":1}|%0d%0a|\x80\xff',
  'X-Request-Id': 'a|é|\t',
  traceparent: [
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-0000000000000000-00',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more',
    '00',
  ].join('|'),
  tracestate: 'a=1|,,,',
  Accept: 'application/x-ndjson|application/x-ndjson;q=NaN|application/x-ndjson;q=1e9|text/html|*/*|,;,|',
  'Accept-Encoding': 'gzip, br|identity;q=0, *;q=0|x',
  'Accept-Language': 'fr-CA|*|\xff',
  'Content-Type': 'application/json|text/plain||application/json; charset="|a/b',
  'Content-Encoding': 'gzip|identity|x',
  'Content-Length': '0|-1|+1|1e3|0x10|18446744073709551617|abc||1, 1',
  'Transfer-Encoding': 'chunked|gzip|chunked, chunked|identity|xchunked|',
  'If-Match': '*|"x"|W/"x"|"',
  'If-None-Match': '*|"x"|,|"\xe9"',
  'If-Modified-Since': 'Mon, 23 Nov 2026 16:00:41 GMT|0|never|Thu, 01 Jan 1970 00:00:00 GMT',
  'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT|x',
  Range: 'bytes=0-0|bytes=5-1|bytes=-|lines=1-2|bytes=0-0,2-3|bytes=99999999-',
  Host: '|a b|[::1|evil.example:99999|localhost|\xff',
  Expect: '100-continue|200-ok|',
  Connection: 'close|keep-alive|upgrade|x|content-length, host',
  Upgrade: 'websocket|h2c|TLS/1.0',
  Trailer: 'X',
  TE: 'trailers',
  Cookie: 'a=b; __proto__=c|;;',
  Authorization: 'Bearer x|Basic \xff|',
  Origin: 'null|http://evil.example',
  Forwarded: 'for="_x"|;;',
  'X-Forwarded-For': '1.2.3.4, x|\xff',
  'X-Forwarded-Host': 'evil.example',
  'X-HTTP-Method-Override': 'DELETE',
};
const NAMES = Object.keys(HEADERS);
const KNOWN = Object.entries(HEADERS).flatMap(([name, values]) =>
  values.split('|').map((value): Header => [name, value]),
);
const STRANGE_NAMES = ['X', '__proto__', 'constructor', 'x'.repeat(9_000), 'a b', '', 'é', ':'];
// Too long, folded, a line of its own, a line by a bare LF.
const STRANGE_VALUES = [
  'x'.repeat(300),
  'x'.repeat(15_000),
  'x'.repeat(70_000),
  'a\r\n b',
  'a\r\nb',
  'a\nX: b',
  '\u0000',
];

const latin1 = (min: number, max: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ maxLength, unit: fc.integer({ min, max }).map((code) => String.fromCharCode(code)) });

const value = fc.oneof(
  { weight: 8, arbitrary: latin1(0x21, 0xff, 60) },
  { weight: 1, arbitrary: latin1(0x00, 0x20, 3) },
  { weight: 2, arbitrary: fc.constantFrom(...STRANGE_VALUES) },
);

const header: fc.Arbitrary<Header> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...NAMES), value) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...STRANGE_NAMES), value) },
);

/** Some headers, the first of them up to three thousand times over. */
export const strangeHeaders: fc.Arbitrary<Header[]> = fc
  .tuple(fc.array(header, { minLength: 1, maxLength: 5 }), fc.constantFrom(1, 1, 1, 1, 2, 3, 3_000))
  .map(([[first, ...others], copies]) => [
    ...Array<Header>(first.join('').length < 20 ? copies : Math.min(copies, 2)).fill(first),
    ...others,
  ]);
