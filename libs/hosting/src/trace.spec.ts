import { readTrace } from './trace';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('readTrace', () => {
  it('takes the id of the caller, the correlation before the request', () => {
    expect(readTrace({ 'x-correlation-id': 'order 7 / retry', 'x-request-id': 'r-1' })).toEqual({
      correlation_id: 'order 7 / retry',
    });
    expect(readTrace({ 'x-request-id': 'r-1' })).toEqual({ correlation_id: 'r-1' });
  });

  it('makes a new UUID for each request without one', () => {
    const [first, second] = [readTrace({}), readTrace({})];

    expect(first).toEqual({ correlation_id: expect.stringMatching(UUID) as string });
    expect(second.correlation_id).not.toBe(first.correlation_id);
  });

  it.each(['', 'x'.repeat(129), 'é', 'a\tb', 'a\u0000b', 'a\u007fb', 'a\nb'])('takes %j for none', (id) => {
    expect(readTrace({ 'x-correlation-id': id }).correlation_id).toMatch(UUID);
    expect(readTrace({ 'x-correlation-id': id, 'x-request-id': 'r-1' }).correlation_id).toBe('r-1');
  });

  it('takes as many as 128 characters', () => {
    const id = '~'.repeat(128);

    expect(readTrace({ 'x-correlation-id': id }).correlation_id).toBe(id);
  });

  it('keeps a traceparent, and is known by its trace when no id is given', () => {
    expect(readTrace({ traceparent: PARENT })).toEqual({ correlation_id: TRACE, traceparent: PARENT });
    expect(readTrace({ traceparent: PARENT, 'x-request-id': 'r-1' })).toEqual({
      correlation_id: 'r-1',
      traceparent: PARENT,
    });
  });

  it('reads a later version of traceparent as the one it knows', () => {
    for (const traceparent of [PARENT.replace('00-', 'cc-'), `${PARENT.replace('00-', 'cc-')}-what-comes`]) {
      expect(readTrace({ traceparent }).traceparent).toBe(PARENT);
    }
  });

  it.each([
    '',
    'nonsense',
    PARENT.toUpperCase(),
    ` ${PARENT}`,
    `${PARENT}-more`,
    `${PARENT}, ${PARENT}`,
    PARENT.replace('00-', 'ff-'),
    PARENT.replace(TRACE, '0'.repeat(32)),
    PARENT.replace('00f067aa0ba902b7', '0'.repeat(16)),
    PARENT.slice(0, -1),
    PARENT.replace(/-01$/, ''),
  ])('ignores the traceparent %j', (traceparent) => {
    const trace = readTrace({ traceparent });

    expect(trace).toEqual({ correlation_id: expect.stringMatching(UUID) as string });
  });
});
