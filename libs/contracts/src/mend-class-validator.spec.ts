import { IsInt, IsOptional, IsString, MaxLength, validateSync } from 'class-validator';
import './mend-class-validator';

class Named {
  @IsString()
  @MaxLength(5, { groups: ['short'] })
  name: unknown;
}

class Aged extends Named {
  @IsInt()
  @IsOptional()
  age?: unknown;
}

const strict = { strictGroups: true };
const faults = (value: object, options = {}): string[] =>
  validateSync(value, options).flatMap(({ constraints }) => Object.values(constraints ?? {}));

describe('The rules of a class', () => {
  it('hold each time, with those of the class above', () => {
    for (const _time of [1, 2]) {
      expect(faults(Object.assign(new Aged(), { name: 1, age: 1.5 }), strict)).toEqual([
        'age must be an integer number',
        'name must be a string',
      ]);
      expect(faults(Object.assign(new Aged(), { name: 'Ada' }))).toEqual([]);
      expect(faults(Object.assign(new Named(), { name: 1, age: 1.5 }), strict)).toEqual(['name must be a string']);
    }
  });

  it('differ by groups, and by strict ones', () => {
    const long = Object.assign(new Named(), { name: 'Augusta Ada' });
    for (const _time of [1, 2]) {
      expect(faults(long, { groups: ['short'] })).toEqual(['name must be shorter than or equal to 5 characters']);
      expect(faults(long, strict)).toEqual([]);
      expect(faults(long)).toEqual(['name must be shorter than or equal to 5 characters']);
    }
  });

  it('are those of a class that gets another one later, too', () => {
    class Growing {
      name: unknown;
      age: unknown = 'old';
    }
    IsString()(Growing.prototype, 'name');
    const growing = Object.assign(new Growing(), { name: 'Ada' });
    expect(faults(growing)).toEqual([]);
    IsInt()(Growing.prototype, 'age');
    expect(faults(growing)).toEqual(['age must be an integer number']);
  });
});
