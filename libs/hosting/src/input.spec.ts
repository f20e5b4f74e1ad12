import { IsInt, ValidateNested, validateSync } from 'class-validator';
import { Type } from 'class-transformer';
import { InputPipe, IsId, IsLine, IsMailAddress, ParseId } from './input';
import { InvalidInput } from './problem';

class Line {
  @IsLine(10)
  text: unknown;
}

class Id {
  @IsId()
  id: unknown;
}

class Address {
  @IsMailAddress(30)
  email: unknown;
}

const accepts = <T extends object>(checked: new () => T, field: keyof T, value: unknown): boolean =>
  validateSync(Object.assign(new checked(), { [field]: value })).length === 0;

describe('IsLine', () => {
  it.each(['a', 'x'.repeat(10), '😀'.repeat(10), '<script>', "O'Neil", 'Zoë', ' a ', '👩‍👩‍👧', '李'])(
    'accepts %j',
    (text) => {
      expect(accepts(Line, 'text', text)).toBe(true);
    },
  );

  it.each([
    ['nothing', ''],
    ['blanks', ' \u00A0\u3000'],
    ['what nobody sees', '\u200B\uFE0F'],
    ['a character too many', 'x'.repeat(11)],
    ['an emoji too many', '😀'.repeat(11)],
    ['a line break', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'a\tb'],
    ['NUL', 'a\u0000'],
    ['a C1 control character', 'a\u0085b'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['a lone surrogate', 'a\uD800'],
    ['a number', 5],
    ['null', null],
    ['undefined', undefined],
    ['a list', ['a']],
  ])('refuses %s', (_what, text) => {
    expect(accepts(Line, 'text', text)).toBe(false);
  });

  it('says what is accepted', () => {
    const [error] = validateSync(Object.assign(new Line(), { text: '' }));

    expect(Object.values(error.constraints ?? {})).toEqual([
      'text must be one line of text with 1 to 10 characters and no control characters',
    ]);
  });
});

describe('IsId', () => {
  it.each([1, 3, Number.MAX_SAFE_INTEGER])('accepts %j', (id) => {
    expect(accepts(Id, 'id', id)).toBe(true);
  });

  it.each([0, -1, 1.5, 1e300, -1e300, Number.MAX_SAFE_INTEGER + 1, '1', true, null, undefined, [1], {}])(
    'refuses %j',
    (id) => {
      expect(accepts(Id, 'id', id)).toBe(false);
    },
  );
});

describe('IsMailAddress', () => {
  it.each(['a@example.com', "o'brien+shop@ex-ample.co.uk", 'é@example.com', 'a@münchen.de'])('accepts %j', (email) => {
    expect(accepts(Address, 'email', email)).toBe(true);
  });

  it.each([
    'not-an-email',
    'a@b',
    ' a@example.com',
    'Ada <a@example.com>',
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    '"a\r\nBcc: b@x.com"@example.com',
    '"a<b>"@example.com',
    '\uD800@example.com',
    'a@\uD800.com',
    `${'a'.repeat(19)}@example.com`,
    '',
    5,
    null,
    undefined,
    ['a@example.com'],
  ])('refuses %j', (email) => {
    expect(accepts(Address, 'email', email)).toBe(false);
  });
});

describe('ParseId', () => {
  const parse = (text: string): number => new ParseId().transform(text);

  it('takes decimal digits for a number', () => {
    expect(['0', '7', '1200', '9007199254740991'].map(parse)).toEqual([0, 7, 1_200, Number.MAX_SAFE_INTEGER]);
  });

  it.each(['', ' ', '1e3', '0x10', '-1', '+1', '01', '1.0', '9007199254740992', 'abc', '١', '😀', '1\n'])(
    'refuses %j',
    (text) => {
      expect(() => parse(text)).toThrow(InvalidInput);
    },
  );
});

describe('InputPipe', () => {
  class Item {
    @IsInt()
    'in/stock~now': number;
  }
  class Order {
    @IsLine(10)
    name: string;

    @ValidateNested()
    @Type(() => Item)
    items: Item[];
  }
  const transform = (value: unknown): Promise<unknown> =>
    new InputPipe().transform(value, { type: 'body', metatype: Order });

  it('makes the class of what is right, and leaves out what the class does not know', async () => {
    const order = await transform({ name: 'nails', items: [{ 'in/stock~now': 1 }], admin: true });

    expect(order).toBeInstanceOf(Order);
    expect(order).toEqual({ name: 'nails', items: [{ 'in/stock~now': 1 }] });
  });

  it('names every field that is wrong by its JSON pointer', async () => {
    const refusal = await transform({ items: [{ 'in/stock~now': 1 }, { 'in/stock~now': 'x' }] }).catch(
      (error) => error,
    );

    expect(refusal).toBeInstanceOf(InvalidInput);
    expect((refusal as InvalidInput).members.errors).toEqual([
      { detail: 'name must be one line of text with 1 to 10 characters and no control characters', pointer: '#/name' },
      { detail: 'in/stock~now must be an integer number', pointer: '#/items/1/in~1stock~0now' },
    ]);
  });

  it.each([undefined, null, [], 'x', 5, true])('refuses the body %j', async (body) => {
    await expect(transform(body)).rejects.toThrow('The body must be a JSON object.');
  });
});

describe('InvalidInput', () => {
  it('is said in the words of ten, and has all of them', () => {
    const errors = Array.from({ length: 12 }, (_, index) => ({ detail: `fault ${index}`, pointer: `#/${index}` }));

    const { message, members } = new InvalidInput(errors);

    expect(message).toBe(
      `${errors
        .slice(0, 10)
        .map(({ detail }) => detail)
        .join('; ')}; and 2 more`,
    );
    expect(members.errors).toBe(errors);
  });
});
