/** A piece of a body: text, text many times over, or bytes. Short to print, also when it is two megabytes. */
export type Piece = string | { text: string; times: number } | { hex: string };

/** How a body goes over the wire. All but the first two break the rules of HTTP. */
export const FRAMINGS = [
  'length',
  'chunked',
  'too short',
  'too long',
  'half a chunk',
  'no chunk',
  'both',
  'and more',
] as const;
export type Framing = (typeof FRAMINGS)[number];

export type Header = [name: string, value: string];

/** A request that may be anything. Its head is written as Latin-1, byte by byte. */
export interface StrangeRequest {
  app: string;
  method: string;
  target: string;
  headers: Header[];
  body?: Piece[];
  framing: Framing;
}

const BROKEN = new Set<Framing>(['too long', 'half a chunk']);

/** Whether its sender must hang up: the shop waits for more otherwise, and rightly so. */
export const promisesMore = ({ body, framing }: StrangeRequest): boolean => body !== undefined && BROKEN.has(framing);

export function bytesOf({ method, target, headers, body, framing }: StrangeRequest): Buffer {
  const content = Buffer.concat((body ?? []).map(pieceBytes));
  const [frame, wired] = body === undefined ? [[], emptyChunk(headers)] : framed(content, framing);
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), ...frame];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), wired]);
}

/** The end of the body that a header of the request's own may promise. */
const emptyChunk = (headers: Header[]): Buffer =>
  Buffer.from(headers.some(([name]) => name === 'Transfer-Encoding') ? '0\r\n\r\n' : '');

function pieceBytes(piece: Piece): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece);
  return 'hex' in piece ? Buffer.from(piece.hex, 'hex') : Buffer.from(piece.text.repeat(piece.times));
}

function framed(content: Buffer, framing: Framing): [headers: string[], wired: Buffer] {
  const chunked = 'Transfer-Encoding: chunked';
  const ofLength = (length: number): string => `Content-Length: ${length}`;
  const size = Buffer.from(`${content.length.toString(16)}\r\n`);
  const chunks = Buffer.concat([size, content, Buffer.from('\r\n0\r\n\r\n')]);
  const framings: Record<Framing, [headers: string[], wired: Buffer]> = {
    length: [[ofLength(content.length)], content],
    chunked: [[chunked], content.length > 0 ? chunks : Buffer.from('0\r\n\r\n')],
    'too short': [[ofLength(Math.floor(content.length / 2))], content],
    'too long': [[ofLength(content.length + 7)], content],
    'half a chunk': [[chunked], Buffer.concat([size, content.subarray(0, content.length / 2)])],
    'no chunk': [[chunked], Buffer.concat([Buffer.from('zz\r\n'), content])],
    both: [[chunked, ofLength(content.length)], chunks],
    'and more': [[ofLength(content.length)], Buffer.concat([content, Buffer.from('{}\r\n\r\n')])],
  };
  return framings[framing];
}
