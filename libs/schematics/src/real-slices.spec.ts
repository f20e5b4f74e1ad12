import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { UnitTestTree } from '@angular-devkit/schematics/testing';
import ts from 'typescript';
import { scaffold } from './scene';

const ROOT = resolve(__dirname, '../../..');
const STORE = 'apps/store-manager/src';
const FIELDS = 'name:string:150 sku:string:64 price:money';

/** A module that is to the letter as long as `products`, so that its lines break where those do. */
const LINES = [
  `module partners ${FIELDS}`,
  `event partners/partner-created ${FIELDS}`,
  'event partners/partner-deleted',
  'query partners/read-partner',
  'query partners/list-partners',
  `command partners/add-partner ${FIELDS}`,
  'command partners/delete-partner',
];

const real = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');

/** What differs from one slice to the next by nature: examples, the time of a migration, what an event says of itself. */
const alike = (text: string): string[] =>
  text
    .replaceAll(/example: [^,})]+/g, 'example: …')
    .replaceAll(/(Create[A-Z]\w+?)\d{13}/g, '$1…')
    .replaceAll(/summary: '[^']+'/g, "summary: '…'")
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[\])}>;,]+$/.test(line));

/** The lines of the one that the other has not, as often. */
function without(lines: string[], others: string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

interface Difference {
  path: string;
  /** What the module has for a reason of its own, which the scaffold can not know. */
  own: (string | RegExp)[];
  /** What the scaffold writes instead. */
  instead?: string[];
}

const UNIQUE = /\.catch\(|SkuTaken|isUniqueViolation|two callers at once|caseless|NOCASE/;
const SEEDS = /seed|SEEDS|^const insert|await runner\.query\(`\$\{insert\}|^id,$|^name,$|^sku,$|^price_cents,$/i;
const ORDERED = /ProductOrdered|isForeignKeyViolation|affected|line of an order|With the member/;

/** Products against a scaffold of the same fields: what is not named here is the same to the letter. */
const DIFFERENCES: Difference[] = [
  { path: 'queries/list-products.ts', own: [] },
  { path: 'queries/read-product.ts', own: [] },
  {
    path: 'product.ts',
    own: [/toPrice|price as a JSON number/],
    instead: ['price: Number(toAmount(price_cents)),'],
  },
  {
    path: 'schema.ts',
    own: [UNIQUE, SEEDS],
    instead: [
      "import { createTables } from '@magasin/event-log';",
      "// AUTOINCREMENT: the id of a deleted product is never another's.",
      'sku TEXT NOT NULL,',
    ],
  },
  {
    path: 'products.module.ts',
    own: [/^providers: /],
    instead: ['providers: [ReadProductHandler, ListProductsHandler, AddProductHandler, DeleteProductHandler],'],
  },
  {
    path: 'products.controller.ts',
    own: [UNIQUE, ORDERED],
    instead: ["import { ProductNotFound } from './errors';", '@Problems(new ProductNotFound(6, { deleted: false }))'],
  },
  {
    path: 'commands/add-product.ts',
    own: [UNIQUE],
    instead: [
      "import { EventLog } from '@magasin/event-log';",
      'const product = await tx.rows.insert(Product, { name, sku, price_cents });',
    ],
  },
  {
    path: 'commands/delete-product.ts',
    own: [ORDERED],
    instead: [
      "import { EventLog, forUpdate } from '@magasin/event-log';",
      "import { ProductNotFound } from '../errors';",
      'if (!product) throw new ProductNotFound(id, { deleted: false });',
      'await tx.rows.delete(Product, { id });',
    ],
  },
];

describe('The templates, against the module products:', () => {
  let tree: UnitTestTree;
  beforeAll(async () => {
    tree = await scaffold(...LINES);
  });
  const scaffolded = (path: string): string =>
    tree
      .readContent(path.replaceAll('product', 'partner'))
      .replaceAll('partner', 'product')
      .replaceAll('Partner', 'Product');
  const compared = (path: string): { own: string[]; instead: string[] } => {
    const [theirs, ours] = [alike(real(path)), alike(scaffolded(path))];
    return { own: without(theirs, ours), instead: without(ours, theirs) };
  };

  it.each(DIFFERENCES)('$path', ({ path, own, instead = [] }) => {
    const differences = compared(`${STORE}/products/${path}`);

    expect(differences.instead).toEqual(instead);
    expect(differences.own.filter((line) => !own.some((known) => line.match(known)))).toEqual([]);
  });

  it('product-events.ts', () => {
    expect(compared('libs/contracts/src/product-events.ts')).toEqual({ own: [], instead: [] });
  });

  it('are told from a slice of another style', () => {
    const path = `${STORE}/products/queries/read-product.ts`;
    const changed = real(path).replace('findOneBy({ id })', 'findOneByOrFail({ id })');

    expect(without(alike(changed), alike(scaffolded(path)))).toHaveLength(1);
  });
});

/** What a file takes from whom, but for names of events and of its own module; its decorators; what its classes extend. */
function shapeOf(text: string): Record<string, string[]> {
  const tree = ts.createSourceFile('slice.ts', text, ts.ScriptTarget.Latest, true);
  const shape: Record<string, Set<string>> = {
    imports: new Set(),
    decorators: new Set(),
    bases: new Set(),
    keys: new Set(),
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node)) {
      const from = node.parent.parent.parent.moduleSpecifier.getText(tree);
      if (/contracts|'\.\//.test(from)) shape.imports.add(from.replace(/\.\/.+'/, "./…'"));
      // Which words an e-mail has in common with others is its own business.
      else if (!from.includes('-facts')) shape.imports.add(`${from} ${node.getText(tree)}`);
    }
    if (ts.isDecorator(node)) shape.decorators.add(node.expression.getText(tree).replace(/\(.*/s, ''));
    if (ts.isHeritageClause(node)) shape.bases.add(node.getText(tree).replaceAll(/<.+/g, ''));
    const declared = ts.isCallExpression(node) && node.expression.getText(tree) === 'declareEmail' && node.arguments[0];
    if (declared && ts.isObjectLiteralExpression(declared)) {
      for (const property of declared.properties) shape.keys.add(property.name!.getText(tree));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return Object.fromEntries(Object.entries(shape).map(([key, found]) => [key, [...found].toSorted()]));
}

describe('The shape of what is scaffolded is that of a real one:', () => {
  const FOLDER = `${STORE}/partners`;
  const EMAIL = 'apps/coolriel/src/emails';
  let tree: UnitTestTree;
  beforeAll(async () => {
    tree = await scaffold(
      'module partners name:string email:email',
      'event partners/partner-created name:string email:email',
      'event partners/partner-approved',
      'reaction partners/approve-partner on:PartnerCreated records:PartnerApproved',
      'projection partners/partners-by-name on:PartnerCreated',
      'email partner-approval on:PartnerApproved',
    );
  });

  it.each([
    ['consumer', `${FOLDER}/partners.consumer.ts`, `${STORE}/orders/orders.consumer.ts`],
    [
      'projection',
      `${FOLDER}/partners-by-name/partners-by-name.consumer.ts`,
      `${STORE}/reports/best-sellers/best-sellers.consumer.ts`,
    ],
    ['report', `${FOLDER}/partners-by-name/partners-by-name.ts`, `${STORE}/reports/best-sellers/best-sellers.ts`],
    [
      'row of a report',
      `${FOLDER}/partners-by-name/partners-by-name-count.ts`,
      `${STORE}/reports/best-sellers/units-sold.ts`,
    ],
    ['e-mail', `${EMAIL}/partner-approval/partner-approval.email.ts`, `${EMAIL}/refund/refund.email.ts`],
  ])('%s', (_kind, path, model) => {
    const shape = shapeOf(tree.readContent(path));
    const wanted = shapeOf(real(model));
    // The copies in Redis are made by hand.
    wanted.imports = wanted.imports.filter((name) => name !== "'../rankings' Rankings");

    expect(shape).toEqual(wanted);
    expect(shape.imports.length).toBeGreaterThan(0);
  });
});
