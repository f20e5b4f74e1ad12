import { isDeeper } from './deep-bodies';

const nested = (depth: number, open = '{"a":', close = '}'): unknown =>
  JSON.parse(open.repeat(depth) + '1' + close.repeat(depth));

describe('A body', () => {
  it.each([0, 1, 2, 3])('with %d levels is not deeper than 3', (depth) => {
    expect(isDeeper(nested(depth), 3)).toBe(false);
    expect(isDeeper(nested(depth, '[', ']'), 3)).toBe(false);
  });

  it.each([4, 5, 100_000])('with %d levels is deeper than 3', (depth) => {
    expect(isDeeper(nested(depth), 3)).toBe(true);
    expect(isDeeper(nested(depth, '[1,', ']'), 3)).toBe(true);
  });

  it('has no depth when it is nothing', () => {
    for (const value of [undefined, null, '', 5, [], {}]) expect(isDeeper(value, 0)).toBe(false);
  });
});
