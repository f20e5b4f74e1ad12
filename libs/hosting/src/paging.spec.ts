import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { PageQuery, toPage } from './paging';

class ListQuery extends PageQuery {}

const read = (query: Record<string, unknown>): PageQuery => plainToInstance(ListQuery, query);
const isRight = (query: Record<string, unknown>): boolean => validateSync(read(query)).length === 0;

describe('PageQuery', () => {
  it('asks for the first 50 when nothing is said', () => {
    const query = read({});

    expect(isRight({})).toBe(true);
    expect({ limit: query.limit, place: query.place }).toEqual({ limit: 50, place: undefined });
  });

  it('reads a limit from 1 to 500', () => {
    expect(['1', '500'].map((limit) => read({ limit }).limit)).toEqual([1, 500]);
    expect(['1', '500'].map((limit) => isRight({ limit }))).toEqual([true, true]);
  });

  it.each(['0', '501', '-1', '1.5', '1e2', '', 'all', '99999', ['1', '2']].map((limit) => ({ limit })))(
    'refuses $limit as a limit',
    (query) => {
      expect(isRight(query)).toBe(false);
    },
  );

  it.each([0, 1, 50, Number.MAX_SAFE_INTEGER])('reads the place %d back from the cursor of a page', (place) => {
    const { nextCursor } = toPage([], place);

    expect(isRight({ cursor: nextCursor })).toBe(true);
    expect(read({ cursor: nextCursor }).place).toBe(place);
  });

  const encoded = (text: string): string => Buffer.from(text).toString('base64url');
  it.each(['', 'x', 'abc', '\0', ...['-1', '1.5', '1e3', ' 1', '', '9007199254740992', 'NaN'].map(encoded)])(
    'refuses the cursor %j, which no page has given',
    (cursor) => {
      expect(isRight({ cursor })).toBe(false);
    },
  );

  it('refuses two cursors, and leaves alone what is called like a part of its own', () => {
    expect(isRight({ cursor: ['MQ', 'Mg'] })).toBe(false);
    expect(read({ place: '7' }).place).toBeUndefined();
  });
});
