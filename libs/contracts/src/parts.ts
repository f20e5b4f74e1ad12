import {
  buildMessage,
  isInt,
  ValidateBy,
  type ValidationArguments,
  type ValidationError,
  validateSync,
} from 'class-validator';

/** An id, or null when there is none any more: whoever it named was deleted. */
export const IsIdOrNull = (): PropertyDecorator =>
  ValidateBy({
    name: 'isIdOrNull',
    validator: {
      validate: (value) => value === null || (isInt(value) && Number(value) >= 1),
      defaultMessage: buildMessage((each) => `${each}$property must be an id or null`),
    },
  });

/**
 * A list, not empty, of plain objects that each keep the rules of a class. class-validator's own `@ValidateNested` wants
 * instances, which an event that was read from its JSON does not have.
 */
export const IsListOf = (part: new () => object): PropertyDecorator =>
  ValidateBy({
    name: 'isListOf',
    constraints: [part],
    validator: {
      validate: (value) => firstFault(part, value) === undefined,
      defaultMessage: (args?: ValidationArguments) => `${args?.property}${firstFault(part, args?.value)}`,
    },
  });

function firstFault(part: new () => object, value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return ' must be a list that is not empty';
  for (const [index, item] of value.entries()) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return `.${index} must be an object`;
    const [error] = validateSync(Object.assign(new part(), item), { forbidUnknownValues: true });
    if (error) return `.${index}.${violationOf(error)}`;
  }
  return undefined;
}

const violationOf = ({ constraints, property }: ValidationError): string =>
  Object.values(constraints ?? { wrong: `${property} is wrong` })[0];
