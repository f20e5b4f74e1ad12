import { failureOf } from './failure';

const keyOf = (message: string): string => failureOf(new Error(message)).error_key;

describe('failureOf', () => {
  it.each([
    ['numbers', 'user 12 owes 3.50', 'user 7 owes 120.00'],
    [
      'ids of events',
      'no row for 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      'no row for 5f0c2a4e-1b3d-4c5e-8F7A-9b0c1d2e3f4a',
    ],
  ])('gives one key to errors that differ in %s only', (_, one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it('gives another key to another cause', () => {
    expect(keyOf("reading 'name'")).not.toBe(keyOf("reading 'email'"));
  });
});
