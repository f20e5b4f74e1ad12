/** Where an app that listens so can be called from here: all interfaces are no address, and an IPv6 one has brackets. */
export function addressOf(host: string, port: number): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
