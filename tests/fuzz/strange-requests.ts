import * as fc from 'fast-check';
import type { Route } from './routes';
import { exampleBody, oddBodies, strangeBody, wellBody } from './strange-bodies';
import { strangeHeaders } from './strange-headers';
import { type Framing, FRAMINGS, type Header, type Piece, type StrangeRequest } from './strange-request';
import { exampleTarget, oddTargets, strangeTarget } from './strange-targets';

const JSON_TYPE = 'application/json';
const HOST: Header = ['Host', 'localhost'];

/** Few, so that they come again: with the same request, and with another. */
const KEYS = ['a', '"a"', 'b', '"b c"'];
const OTHER_TYPES = [
  ...'text/plain|text/json|application/xml|application/x-www-form-urlencoded|multipart/form-data; boundary=x'.split(
    '|',
  ),
  ...'application/json; charset=utf-8|application/json;charset=utf-16|APPLICATION/JSON|application/jsonx'.split('|'),
  ...'application/problem+json|application/octet-stream|json|/|*/*||;|application/json,'.split('|'),
];

const usually = <T>(usual: T, others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const framing = usually<Framing>('length', FRAMINGS);
const type = usually(JSON_TYPE, OTHER_TYPES);
const extra = usually<Header[]>(
  [],
  [[['Expect', '100-continue']], ...KEYS.map((key): Header[] => [['Idempotency-Key', key]])],
);

function requestTo(
  { app, method, ...route }: Route,
  body?: Piece[],
  target = exampleTarget({ app, method, ...route }),
) {
  const headers: Header[] = body ? [HOST, ['Content-Type', JSON_TYPE]] : [HOST];
  return { app, method, target, headers, body, framing: 'length' } satisfies StrangeRequest;
}

/** As the document says that the route is used. */
const wellRequest = (route: Route): fc.Arbitrary<StrangeRequest> =>
  (route.body ? wellBody(route.body) : fc.constant(undefined)).map((body) => requestTo(route, body));

export const withStrangeBody = (route: Route): fc.Arbitrary<StrangeRequest> =>
  fc
    .record({
      body: fc.oneof(
        { weight: 9, arbitrary: strangeBody(route) },
        { weight: 1, arbitrary: wellBody(route.body ?? {}) },
      ),
      type,
      extra,
      framing,
    })
    .map(({ body, type: given, extra: more, framing: how }) => ({
      ...requestTo(route, body),
      headers: [HOST, ['Content-Type', given], ...more],
      framing: how,
    }));

export const withStrangeHeaders = (route: Route): fc.Arbitrary<StrangeRequest> =>
  fc.tuple(wellRequest(route), strangeHeaders, fc.nat({ max: 19 })).map(([request, headers, host]) => ({
    ...request,
    headers: [...request.headers.filter(([name]) => host > 0 || name !== 'Host'), ...headers],
  }));

export const withStrangeTarget = (route: Route): fc.Arbitrary<StrangeRequest> =>
  fc.tuple(wellRequest(route), strangeTarget(route)).map(([request, target]) => ({ ...request, target }));

/** Each part of what a route takes, in each odd way, and all else as documented. */
export const oddRequests = (route: Route): StrangeRequest[] =>
  [
    ...oddBodies(route.body ?? {}).map((body) => requestTo(route, body)),
    ...oddTargets(route).map((target) => requestTo(route, route.body && exampleBody(route.body), target)),
  ].filter((_request, index) => index % route.turn.of === route.turn.at);
