import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { isArray, ValidateBy, ValidateNested } from 'class-validator';

/**
 * A list of 1 to so many objects, in a body. Every field in it that is wrong is named by its place, `#/items/3/quantity`;
 * what is no object stands for one without fields. A list that is wrong as such is named alone.
 */
export const IsListOf = (part: new () => object, longest: number): PropertyDecorator =>
  applyDecorators(
    Type(() => part),
    Transform(({ value }: { value: unknown }) => partsOf(part, isArray(value) ? value : [], longest)),
    ValidateNested({ each: true }),
    ValidateBy({
      name: 'isListOf',
      constraints: [part, longest],
      validator: {
        validate: (value) => isArray(value) && value.length >= 1 && value.length <= longest,
        defaultMessage: (it) => `${it?.property} must be a list of 1 to ${longest} objects`,
      },
    }),
  );

/**
 * class-validator passes over a null in a list, and takes a list in it for more of the same. And it checks every item,
 * however many there are: of a list that is too long one more than is allowed says as much.
 */
const partsOf = (part: new () => object, items: unknown[], longest: number): object[] =>
  items.slice(0, longest + 1).map((item) => (item instanceof part ? item : new part()));
