import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { openShop, type TestShop } from './shop';

const WARNING = 1;

/** A hint says that there is a 3.1 too; tools know 3.0. */
const faults = (diagnostics: { severity: number; message: string }[]): string[] =>
  diagnostics.filter(({ severity }) => severity <= WARNING).map(({ message }) => message);

describe('GET /asyncapi', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  it('answers the document in docs/asyncapi.json: after a change, run npm run openapi', async () => {
    const { status, body } = await shop.get('/asyncapi');

    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(readFileSync('docs/asyncapi.json', 'utf8')));
  });

  it('answers AsyncAPI 3, in which the parser of AsyncAPI finds no fault', async () => {
    const { text } = await shop.get('/asyncapi');
    const { document, diagnostics } = await new Parser().parse(text);

    expect(faults(diagnostics)).toEqual([]);
    expect(document!.version()).toBe('3.0.0');
    const broken = await new Parser().parse(text.replaceAll('#/components/schemas/OrderLine', '#/nowhere'));
    expect(faults(broken.diagnostics)).not.toEqual([]);
  });
});
