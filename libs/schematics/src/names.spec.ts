import type { UnitTestTree } from '@angular-devkit/schematics/testing';
import { scaffold, typeOn } from './scene';

const FIELDS = 'name:string email:email';
const MODULE = `module suppliers ${FIELDS}`;
const CREATED = `event suppliers/supplier-created ${FIELDS}`;

/** What is typed last, and what it is refused for. */
type Case = [typed: string, reason: RegExp];

const refusals = (cases: Case[], ...before: string[]): void => {
  let tree: UnitTestTree;
  beforeAll(async () => {
    tree = await scaffold(...before);
  });

  it.each(cases)('%s', async (typed, reason) => {
    await expect(typeOn(tree, typed)).rejects.toThrow(reason);
  });
};

describe('A name is refused, and why is said:', () => {
  describe('of a module', () => {
    refusals([
      ['module supplier name:string', /plural of what it keeps, like suppliers\. supplier is no plural/],
      ['module Sup_pliers name:string', /"sup_pliers" can not name a module: words of small letters/],
      ['module groups name:string', /groups is a word of SQL/],
      ['module returns name:string', /One of returns is a return, and TypeScript or Nest has that word/],
      ['module user-types name:string', /There is a table user_types already, in apps\/store-manager\/src\/users/],
      ['module users name:string', /This module is there already:\s+apps\/store-manager\/src\/users/],
      ['module suppliers', /Say what a supplier has/],
    ]);
  });

  describe('of an event', () => {
    refusals(
      [
        ['event supplier-created', /Say the module and the event: suppliers\/supplier-created/],
        [
          'event suppliers/create-supplier',
          /noun \+ past participle, like supplier-created\. create-supplier does not/,
        ],
        ['event suppliers/created', /noun \+ past participle/],
        ['event suppliers/supplier-created-event', /says twice what it is: leave "-event" out/],
        [
          'event grocers/grocer-created name:string',
          /There is no module grocers in the store\. First: npm run g -- module/,
        ],
        [
          'event suppliers/supplier-created',
          /Say what is told of supplier created: event suppliers\/supplier-created name:string email:email$/,
        ],
        ['event users/user-created', /This event is there already:\s+UserCreated/],
        ['event orders/order-shipped', /OrderFact has fields of which no sample can be made up/],
      ],
      MODULE,
    );
  });

  describe('of a command', () => {
    refusals(
      [
        ['command suppliers/supplier-written', /verb \+ noun, like write-supplier\. supplier-written is what happened/],
        ['command suppliers/write-grocer', /its noun is supplier: write-supplier/],
        ['command suppliers/write', /its noun is supplier/],
        ['command suppliers/rename-supplier', /write-supplier, add-supplier and delete-supplier can be scaffolded/],
        ['command suppliers/write-supplier-command', /leave "-command" out/],
        [
          'command suppliers/write-supplier name:string',
          /Supplier has name:string, email:email\. Say also: email:email\.$/,
        ],
        [
          `command suppliers/write-supplier ${FIELDS} phone:string`,
          /Supplier has no phone, only name:string, email:email/,
        ],
        [
          `command suppliers/delete-supplier`,
          /no event SupplierDeleted in libs\/contracts\/src\. First: npm run g -- event suppliers\/supplier-deleted$/,
        ],
      ],
      MODULE,
      CREATED,
    );
  });

  describe('of a command, in the words in which its fields are typed', () => {
    const CARD = 'owner:string:20 mail:email balance:money';
    const has = 'GiftCard has owner:string:20, mail:email, balance:money';
    refusals(
      [
        [
          'command gift-cards/write-gift-card owner:string:20',
          new RegExp(`^${has}\\. Say also: mail:email, balance:money\\.$`),
        ],
        [
          'command gift-cards/write-gift-card owner:string mail:email balance:int',
          new RegExp(`^${has}\\. Say balance:money instead of balance:int\\.$`),
        ],
        [
          'command gift-cards/write-gift-card owner:string mail:email balance_cents:int',
          /Say balance:money instead of balance_cents:int/,
        ],
        [
          'command gift-cards/write-gift-card owner:int mail:email balance:money',
          /Say owner:string:20 instead of owner:int\.$/,
        ],
        [
          'command gift-cards/write-gift-card owner:string mail:string balance:money',
          /GiftCardCreated says mail:email, and the command mail:string/,
        ],
      ],
      `module gift-cards ${CARD}`,
      `event gift-cards/gift-card-created ${CARD}`,
    );
  });

  describe('of a slice before its event, with the fields of its module', () => {
    const typed =
      'event gift-cards/gift-card-created owner:string:20 mail:email balance:money bonus_cents:int user_id:id';
    refusals(
      [
        ['event gift-cards/gift-card-created', new RegExp(`Say what is told of gift card created: ${typed}$`)],
        ['command gift-cards/write-gift-card', new RegExp(`no event GiftCardCreated .* First: npm run g -- ${typed}$`)],
        ['email gift-card-note on:GiftCardCreated', new RegExp(`First: npm run g -- ${typed}$`)],
      ],
      typed.replace('event gift-cards/gift-card-created', 'module gift-cards'),
    );
  });

  describe('of a query, a reaction, a projection, an e-mail', () => {
    refusals(
      [
        ['query suppliers/count-suppliers', /reads one, read-supplier, or lists them in pages, list-suppliers/],
        ['query suppliers/read-supplier name:string', /A query is told no fields/],
        ['reaction suppliers/supplier-approved on:UserCreated', /verb \+ noun, like approve-supplier/],
        ['reaction suppliers/approve-supplier', /Say on: which event, as in on:SupplierCreated/],
        ['reaction suppliers/approve-supplier on:SupplierCreated', /Say records: which event/],
        ['reaction suppliers/approve-supplier on:SupplierCreated records:SupplierCreated', /without end/],
        [
          'reaction suppliers/greet-user on:SupplierCreated records:UserCreated',
          /UserCreated says user_type_id, which Supp/,
        ],
        ['projection suppliers/suppliers on:SupplierCreated', /like suppliers-by-name\. suppliers names no field/],
        [
          'projection suppliers/suppliers-by-town on:SupplierCreated',
          /can be counted by id, name, email, and not by town/,
        ],
        ['email supplier-created on:SupplierCreated', /An e-mail is a noun, like supplier-approval/],
        ['email supplier-v2 on:SupplierCreated', /letters and hyphens, not supplier-v2/],
        ['email stock-note on:StockSet', /StockSet has no field of the type email: nobody would know whom to write to/],
        ['email supplier-note on:SupplierLeft', /no event SupplierLeft .* -- event suppliers\/supplier-left$/],
        ['email grocer-note on:GrocerLeft', /no event GrocerLeft .* -- event …\/grocer-left, with its fields\.$/],
        ['email Gift on:SupplierCreated', /"Gift" can not name an email: words of small letters/],
      ],
      MODULE,
      CREATED,
    );
  });

  describe('of a field', () => {
    refusals([
      ['module suppliers name', /name is no field\. A field is name:type, its type one of string, email, money, int/],
      ['module suppliers name:text', /There is no type text of a field, as in name:text/],
      ['module suppliers userName:string', /"userName" can not name a field: small letters with underscores/],
      ['module suppliers id:int', /No field can be called id: every row has one already/],
      ['module suppliers datetime:string', /the log adds it to every event/],
      ['module suppliers order:string', /No field can be called order: it is a word of SQL or of JavaScript/],
      ['module suppliers name:string name:email', /There are two fields name/],
      [
        'module prices amount:money amount_cents:int',
        /amount:money and amount_cents:int would both be the column amount_cents, for money is kept in cents/,
      ],
      ['module prices amount_cents:int amount:money', /amount_cents:int and amount:money would both be the column/],
      ['module suppliers name:string:1000', /a whole number from 1 to 255, and in name:string:1000 it is 1000/],
      ['module suppliers price:money:10', /A field of the type money has no length/],
    ]);
  });
});

describe('A second command that makes a row', () => {
  it.each([
    ['write', 'add'],
    ['add', 'write'],
  ])('by %s- is refused for that by %s-', async (second, first) => {
    const tree = await scaffold(MODULE, CREATED, `command suppliers/${first}-supplier ${FIELDS}`);

    await expect(typeOn(tree, `command suppliers/${second}-supplier ${FIELDS}`)).rejects.toThrow(
      new RegExp(
        `^POST /suppliers is there already, as the route of the command ${first}-supplier:\n {2}apps/.*\nNothing was written`,
      ),
    );
  });
});

describe('A second run', () => {
  it.each([
    ['module', [MODULE]],
    ['event', [MODULE, CREATED]],
    ['command', [MODULE, CREATED, `command suppliers/write-supplier ${FIELDS}`]],
    ['query', [MODULE, 'query suppliers/read-supplier']],
    [
      'reaction',
      [
        MODULE,
        CREATED,
        'event suppliers/supplier-approved',
        'reaction suppliers/approve-supplier on:SupplierCreated records:SupplierApproved',
      ],
    ],
    ['projection', [MODULE, CREATED, 'projection suppliers/suppliers-by-name on:SupplierCreated']],
    ['e-mail', [MODULE, CREATED, 'email supplier-greeting on:SupplierCreated']],
  ])('of the same %s says what is there', async (kind, lines) => {
    const tree = await scaffold(...lines);

    await expect(typeOn(tree, lines.at(-1)!)).rejects.toThrow(
      new RegExp(`^This ${kind} is there already:\n {2}\\S+.*\nNothing was written`),
    );
  });
});
