import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBackbone } from '@magasin/event-bus';
import { closeApp, hostingTables, serve } from '@magasin/hosting';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CoolrielModule, CoolrielSettings } from '../apps/coolriel/src';
import { PaymentsModule, PaymentsSettings } from '../apps/payments/src';
import { StoreManagerModule, StoreManagerSettings } from '../apps/store-manager/src';
import { Documented, type OpenApi, type Operation } from './documented';
import { shopFolder } from './shop-process';

/** The document, its page and the page's files. */
const ABOUT_THE_API = /^\/api([/*]|-json$|$)/;
const IMPLIED = new Set(['HEAD', 'OPTIONS']);
/** They only ask, or guard themselves against being repeated. */
const TAKE_NO_KEY = new Set([
  '/admin/replays/dry-run',
  '/admin/replays',
  '/admin/emails/send-again',
  '/stocks/graphql-query',
  '/payments/process/{id}',
]);
/** Of the whole library; a class of hosting or operations is in the document of some app. */
const LIBS = ['libs/hosting', 'libs/operations'];

const read = (name: string): OpenApi => JSON.parse(readFileSync(`docs/openapi/${name}.json`, 'utf8')) as OpenApi;
const operationsOf = ({ paths }: OpenApi): Operation[] => Object.values(paths).flatMap((item) => Object.values(item));

/** `UserEmailTaken` → `urn:magasin:user-email-taken`, for every class in the sources that is a Problem. */
const problemTypes = (folder: string): string[] =>
  globSync(`${folder}/src/**/*.ts`)
    .filter((file) => !file.endsWith('.spec.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/class (\w+) extends Problem\b/g)])
    .map(
      ([, name]) => `urn:magasin${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace('-', ':')}`,
    );

/** Every path that Fastify's router has, from the tree that it prints. */
function pathsOf(app: NestFastifyApplication): string[] {
  const parents: string[] = [];
  const lines = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).trimEnd().split('\n');
  return lines.map((line) => {
    const [, indent, segment] = /^([│ ]*)[├└]── (\S+) /.exec(line)!;
    const depth = indent.length / 4;
    parents[depth] = (parents[depth - 1] ?? '') + segment;
    return parents[depth];
  });
}

describe('The OpenAPI document of', () => {
  const { folder, remove } = shopFolder();
  let close: () => Promise<void>;
  const apps: Record<string, NestFastifyApplication> = {};
  beforeAll(async () => {
    const backbone = await openBackbone({
      url: `sqlite:${join(folder, 'shop.sqlite')}`,
      ...hostingTables,
      modules: [StoreManagerModule, PaymentsModule, CoolrielModule],
    });
    const settings = Object.assign(new CoolrielSettings(), { OUTPUT_FOLDER: folder });
    const listening = { host: '127.0.0.1', port: 0, setting: 'PORT' };
    apps['store-manager'] = await serve(StoreManagerModule.with(backbone, new StoreManagerSettings()), listening);
    apps.payments = await serve(PaymentsModule.with(backbone, new PaymentsSettings()), listening);
    apps.coolriel = await serve(CoolrielModule.with(backbone, settings), listening);
    close = async () => {
      for (const app of Object.values(apps)) await closeApp(app);
      await backbone.log.close();
      await remove();
    };
  });
  afterAll(() => close());

  describe.each(['store-manager', 'payments', 'coolriel'])('%s', (name) => {
    const ask = async (url: string, method: 'GET' | 'OPTIONS' = 'GET') =>
      apps[name].getHttpAdapter().getInstance().inject({ method, url });
    let document: OpenApi;
    beforeAll(async () => {
      document = (await ask('/api-json')).json<OpenApi>();
    });

    it(`is the one in docs/openapi/${name}.json: after a change, run npm run openapi`, () => {
      expect(document).toEqual(read(name));
    });

    it('is OpenAPI 3.1 with valid schemas', () => {
      expect(document.openapi).toBe('3.1.0');
      const documented = new Documented(document);
      for (const { responses } of operationsOf(document)) {
        for (const { content = {} } of Object.values(responses)) {
          for (const { schema } of Object.values(content)) {
            expect(typeof documented.violations(schema, null)[0]).toBe('string');
          }
        }
      }
    });

    it('has every route that the app has, and no other', async () => {
      const routes: string[] = [];
      for (const path of pathsOf(apps[name]).filter((route) => !ABOUT_THE_API.test(route))) {
        const { headers } = await ask(path.replaceAll(/:\w+/g, '1'), 'OPTIONS');
        const methods = String(headers.allow)
          .split(', ')
          .filter((method) => !IMPLIED.has(method));
        routes.push(...methods.map((method) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`));
      }

      const documented = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(routes.toSorted()).toEqual(documented.toSorted());
    });

    it('gives each operation a name of its own, a summary, an answer with its type and an example', () => {
      const operations = operationsOf(document);
      const names = operations.map(({ operationId }) => operationId);

      expect(new Set(names).size).toBe(names.length);
      for (const { operationId, summary, responses } of operations) {
        const [status, success] = Object.entries(responses)[0];
        expect([operationId, summary ?? '', status]).toEqual([
          expect.stringMatching(/^[a-z]+[A-Za-z]+$/),
          expect.stringMatching(/^[A-Z]\S+ .+[^.]$/),
          expect.stringMatching(/^2\d\d$/),
        ]);
        if (status !== '204')
          expect(`${operationId} ${Object.keys(success.content ?? {}).join()}`).toMatch(
            /^\w+ [\w-]+\/[\w+-]+(,application\/x-ndjson)?$/,
          );
      }
      for (const [schema, { properties }] of Object.entries(document.components.schemas)) {
        if (schema === 'Problem') continue;
        for (const [field, { example, $ref, items }] of Object.entries(
          properties as Record<string, Record<string, unknown>>,
        )) {
          expect(`${schema}.${field} ${example !== undefined || $ref !== undefined || items !== undefined}`).toBe(
            `${schema}.${field} true`,
          );
        }
      }
    });

    it('has examples that its own schemas accept', () => {
      const documented = new Documented(document);
      for (const [schema, { properties }] of Object.entries(document.components.schemas)) {
        for (const [field, rules] of Object.entries(properties as Record<string, Record<string, unknown>>)) {
          if (rules.example === undefined) continue;
          expect([schema, field, documented.violations(rules, rules.example)]).toEqual([schema, field, []]);
        }
      }
      for (const { operationId, responses } of operationsOf(document)) {
        for (const { content = {} } of Object.values(responses)) {
          for (const { schema, examples = {} } of Object.values(content)) {
            for (const { value } of Object.values(examples)) {
              expect([operationId, documented.violations(schema, value)]).toEqual([operationId, []]);
            }
          }
        }
      }
    });

    it('has every rule that the app refuses by', () => {
      const text = JSON.stringify(document);
      const types = problemTypes(`apps/${name}`);

      expect(types.length).toBeGreaterThan(0);
      expect(types.filter((type) => !text.includes(`"${type}"`))).toEqual([]);
    });

    it('asks for an Idempotency-Key with each POST but those that need none, and with nothing else', () => {
      const keyed = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).flatMap(([method, { parameters }]) =>
          parameters.some((parameter) => parameter.name === 'Idempotency-Key') ? [`${method} ${path}`] : [],
        ),
      );

      expect(keyed).toEqual(
        Object.keys(document.paths).flatMap((path) =>
          document.paths[path].post && !TAKE_NO_KEY.has(path) ? [`post ${path}`] : [],
        ),
      );
    });

    it('is read on a page that comes whole from the app, and may load nothing from elsewhere', async () => {
      const page = await ask('/api');
      const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);

      expect(page.headers['content-type']).toMatch(/^text\/html/);
      expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(links.length).toBeGreaterThan(4);
      for (const link of links) {
        const { pathname, origin } = new URL(link, 'http://app/api');
        expect([link, origin, (await ask(pathname)).statusCode]).toEqual([link, 'http://app', 200]);
      }
      expect(page.body).not.toMatch(/<script>|https?:\/\/(?!www\.w3\.org)/);
      expect((await ask('/api/nothing.js')).statusCode).toBe(404);
    });
  });

  it('some app has every rule of the libs', () => {
    const text = ['store-manager', 'coolriel'].map((name) => JSON.stringify(read(name))).join('');
    const types = LIBS.flatMap(problemTypes);

    expect(types).toContain('urn:magasin:idempotency-key-reused');
    expect(types.filter((type) => !text.includes(`"${type}"`))).toEqual([]);
  });
});
