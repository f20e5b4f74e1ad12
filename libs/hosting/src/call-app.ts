import { currentTrace } from '@magasin/event-log';

/** What our apps answer each other has some hundred bytes. Whoever sends more is not one of them. */
const LONGEST_ANSWER = 64 * 1024;

export interface Call {
  method: 'POST' | 'PUT';
  /** Behind the address of the app. */
  path: `/${string}`;
  body: object;
  /** How long all of it may take. */
  seconds: number;
}

/**
 * Calls another app over HTTP, in the trace of the request at hand. Whatever its status, its text may be anything.
 * @param app its address, `http://localhost:5009`; a gateway's may have a path
 * @throws Error which says in words why there is no whole answer: nobody is there, it is late, it has no end
 */
export async function callApp(
  app: string,
  { method, path, body, seconds }: Call,
): Promise<{ status: number; text: string }> {
  const { correlation_id, traceparent } = currentTrace() ?? {};
  try {
    const response = await fetch(`${app.replace(/\/+$/, '')}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(correlation_id && { 'x-correlation-id': correlation_id }),
        ...(traceparent && { traceparent }),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(seconds * 1_000),
    });
    return { status: response.status, text: await textOf(response) };
  } catch (error) {
    const { message, cause } = error as Error;
    // Where a name has several addresses, and nobody listens at any, the cause has no words of its own.
    const { message: why, code } = (cause ?? {}) as NodeJS.ErrnoException;
    throw new Error(why || code || message, { cause: error });
  }
}

/** @throws Error when it is too long, before all of it is here */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_ANSWER) throw new Error('its answer has no end');
  }
  return text;
}
