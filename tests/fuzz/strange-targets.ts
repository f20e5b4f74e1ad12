import * as fc from 'fast-check';
import { exampleOf, type Route } from './routes';
import { URL_TEXTS, urlText } from './strange-text';

const encoded = (value: string | number | boolean): string => encodeURIComponent(value);

/** The example of a cursor is of some other page. */
const documented = ({ query }: Route): [name: string, value: string][] =>
  query.flatMap((one) => {
    const value = exampleOf(one);
    return value === undefined || one.name === 'cursor' ? [] : [[one.name, encoded(value)]];
  });

const targetOf = (path: string, pairs: [name: string, value: string][]): string =>
  pairs.length > 0 ? `${path}?${pairs.map((pair) => pair.join('=')).join('&')}` : path;

/** The target of a request as the document gives it, with all that its query may have. */
export const exampleTarget = (route: Route): string => targetOf(route.example, documented(route));

/** The documented target with an odd text in the place of one part of its path or its query: each, one by one. */
export const oddTargets = (route: Route): string[] => {
  const pairs = documented(route);
  const parts = route.path.split('/');
  const inPath = parts.flatMap((part, place) =>
    part.startsWith('{')
      ? URL_TEXTS.map((text) => targetOf(route.example.split('/').with(place, text).join('/'), pairs))
      : [],
  );
  const inQuery = route.query.flatMap(({ name }) =>
    URL_TEXTS.map((text) => targetOf(route.example, [...pairs.filter(([other]) => other !== name), [name, text]])),
  );
  return [...inPath, ...inQuery];
};

const PATH_EDITS: ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => `${path}/.`,
  (path) => `${path}/..`,
  (path) => `${path}/x`,
  (path) => `${path};v=1`,
  (path) => `${path}%2F`,
  (path) => `${path}#x`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.replaceAll('/', '/./'),
  (path) => path.replaceAll('/', '\\'),
  (path) => path.toUpperCase(),
  (path) => path.slice(1),
  (path) => `/x/..${path}`,
  (path) => `http://evil.example${path}`,
  (path) => `HTTP://[::bad${path}`,
  (path) => `http://evil.example:99999${path}`,
  (path) => `${path} HTTP/1.0\r\nX: `,
  (path) => path.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
  () => '*',
  () => '/',
  () => '',
];

const strangePath = ({ path, example }: Route): fc.Arbitrary<string> => {
  const segments = path.split('/').map((part) => (part.startsWith('{') ? urlText : fc.constant(part)));
  const filled = path.includes('{') ? fc.tuple(...segments).map((parts) => parts.join('/')) : fc.constant(example);
  return fc.oneof(
    { weight: 4, arbitrary: filled },
    { weight: 2, arbitrary: fc.constant(example) },
    { weight: 2, arbitrary: fc.tuple(filled, fc.constantFrom(...PATH_EDITS)).map(([whole, edit]) => edit(whole)) },
  );
};

const COMMON = ['limit', 'cursor', 'place', '__proto__', 'constructor', 'toString'];
const SUFFIXES = ['', '', '', '', '[]', '[0]', '[__proto__]', '%00', '.x', '%5B%5D'];

const strangeQuery = ({ query }: Route): fc.Arbitrary<string> => {
  const names = fc.constantFrom(...query.map(({ name }) => name), ...COMMON);
  const values = fc.oneof(urlText, fc.constantFrom('1', ...query.map((one) => encoded(exampleOf(one) ?? ''))));
  const pair = fc
    .tuple(names, fc.constantFrom(...SUFFIXES), fc.constantFrom('=', '=', '=', '=', '', '=='), values)
    .map((parts) => parts.join(''));
  return fc.array(pair, { maxLength: 6 }).map((pairs) => (pairs.length > 0 ? `?${pairs.join('&')}` : ''));
};

export const strangeTarget = (route: Route): fc.Arbitrary<string> =>
  fc.tuple(strangePath(route), strangeQuery(route)).map((parts) => parts.join(''));
