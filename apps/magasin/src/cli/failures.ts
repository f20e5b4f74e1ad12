/** How the CLI ends, for scripts. They are part of its interface: docs/cli.md. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3, part: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An RFC 9457 problem document: the shop's own, or ours in the same form. */
export interface ProblemDocument {
  title: string;
  detail: string;
  type?: string;
  status?: number;
  errors?: { detail: string; pointer: string }[];
}

/** Ends the CLI with a code and a reason. Nothing else that is thrown is meant for the person. */
export class Failure extends Error {
  override name = 'Failure';

  constructor(
    readonly exitCode: ExitCode,
    readonly problem: ProblemDocument,
  ) {
    super(problem.detail);
  }
}

export const wrongUsage = (detail: string): Failure =>
  new Failure(EXIT.usage, { type: 'urn:magasin:cli:wrong-usage', title: 'Wrong usage', detail });

/** What was done is done, whatever failed after it. */
export function inPart(error: unknown): never {
  throw error instanceof Failure ? new Failure(EXIT.part, error.problem) : error;
}

export const notDone = (detail: string): Failure =>
  new Failure(EXIT.refused, { type: 'urn:magasin:cli:not-done', title: 'Nothing was done', detail });
