import { GraphQLError, Kind, type SelectionNode, type SelectionSetNode, type ValidationRule } from 'graphql';

/** Refuses an operation whose fields are nested deeper, also by way of fragments. */
export const depthLimit =
  (deepest: number): ValidationRule =>
  (context) => {
    const ofFragment = new Map<string, number>();

    const depthOf = (set?: SelectionSetNode): number => Math.max(0, ...(set?.selections ?? []).map(depthOfSelection));
    const depthOfSelection = (node: SelectionNode): number => {
      if (node.kind === Kind.FIELD) return 1 + depthOf(node.selectionSet);
      if (node.kind === Kind.INLINE_FRAGMENT) return depthOf(node.selectionSet);
      const name = node.name.value;
      // Each once, and none within itself: a rule of GraphQL's own refuses that.
      if (!ofFragment.has(name)) {
        ofFragment.set(name, 0);
        ofFragment.set(name, depthOf(context.getFragment(name)?.selectionSet));
      }
      return ofFragment.get(name)!;
    };

    return {
      OperationDefinition: (node) => {
        const depth = depthOf(node.selectionSet);
        if (depth <= deepest) return;
        context.reportError(
          new GraphQLError(`The query is ${depth} fields deep, ${deepest} are allowed.`, { nodes: node }),
        );
      },
    };
  };
