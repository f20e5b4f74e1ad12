import { getMetadataStorage } from 'class-validator';

// For each value that it checks class-validator looks at the rules of all classes of the program, for those that are
// above the value's own: half of what checking an event takes (measured: 13.9 and 6.2 µs), and more in a larger program.
const storage = getMetadataStorage();
const find = storage.getTargetValidationMetadatas.bind(storage);
const add = storage.addValidationMetadata.bind(storage);
type Rules = ReturnType<typeof find>;

const found = new Map<Function, Map<string, Rules>>();

storage.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
  if (groups?.length || typeof target !== 'function') return find(target, schema, always, strictGroups, groups);
  let ofTarget = found.get(target);
  if (!ofTarget) found.set(target, (ofTarget = new Map()));
  const asked = `${schema} ${always} ${strictGroups}`;
  let rules = ofTarget.get(asked);
  if (!rules) ofTarget.set(asked, (rules = find(target, schema, always, strictGroups, groups)));
  return rules;
};

storage.addValidationMetadata = (rule) => {
  found.clear();
  add(rule);
};
