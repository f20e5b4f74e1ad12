import { readFileSync } from 'node:fs';
import { Documented, type OpenApi } from './documented';

/** The routes that describe the others. */
const ABOUT_THE_API = new Set(['/api', '/api-json']);

interface Sent {
  method: string;
  pathname: string;
  body: string;
}

/** The requests of a file for REST clients: blocks behind `###`, each a line of request, headers, and a body. */
function requestsIn(name: string): Sent[] {
  const blocks = readFileSync(`requests/${name}.http`, 'utf8').split(/^###.*$/m);
  return blocks.flatMap((block) => {
    const [, method, path, rest] = /^([A-Z]+) \{\{\w+\}\}(\S+)\n([^]*)$/m.exec(block.trim() + '\n') ?? [];
    if (!method) return [];
    const body = rest.split('\n\n').slice(1).join('\n\n');
    return [{ method, pathname: path.split('?')[0], body }];
  });
}

describe.each([
  ['store', 'store-manager'],
  ['payments', 'payments'],
])('requests/%s.http', (file, app) => {
  const document = JSON.parse(readFileSync(`docs/openapi/${app}.json`, 'utf8')) as OpenApi;
  const documented = new Documented(document);
  const requests = requestsIn(file).filter(({ pathname }) => !ABOUT_THE_API.has(pathname));

  it('has every route of the app, and no other', () => {
    const routes = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    const sent = requests.map(({ method, pathname }) => documented.operation(method, pathname)?.operationId);

    expect([...new Set(sent)].sort()).toEqual(routes.sort());
  });

  it('sends bodies that the document accepts', () => {
    const bodies = requests.filter(({ body }) => body.trim());

    expect(bodies.length).toBeGreaterThan(5);
    for (const { method, pathname, body } of bodies) {
      const [content] = Object.values(documented.operation(method, pathname)!.requestBody!.content);
      expect([pathname, documented.violations(content.schema, JSON.parse(body))]).toEqual([pathname, []]);
    }
  });
});
