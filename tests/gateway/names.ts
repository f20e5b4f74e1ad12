import { createSocket } from 'node:dgram';

/** A name server for these names alone, which may be given other addresses at any time. */
export async function openNames(names: Record<string, string[]>) {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answer(query, names), port, address));
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: (): Promise<void> => new Promise((done) => socket.close(done)),
  };
}

/** RFC 1035: a head of 12 bytes, the question as it came, and a record of class IN for each address. */
function answer(query: Buffer, names: Record<string, string[]>): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (; query[at] > 0; at += query[at] + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
  const question = query.subarray(12, at + 5);
  const addresses = names[labels.join('.')];
  const head = Buffer.from(query.subarray(0, 12));
  // An answer, with recursion; 3 is a name that there is not.
  head.writeUInt16BE(0x8180 | (addresses ? 0 : 3), 2);
  for (const [place, count] of [1, addresses?.length ?? 0, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * place);
  const records = (addresses ?? []).map((address) =>
    // The name of the question, A, IN, to be kept for 0 seconds, 4 bytes.
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([head, question, ...records]);
}
