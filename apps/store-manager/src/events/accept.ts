export const LINES = 'application/x-ndjson';

/** Whether an Accept header prefers lines: they are named, and JSON is not put before them. */
export const prefersLines = (accept = ''): boolean => {
  const lines = qualityOf(LINES, accept);
  return lines > 0 && lines >= qualityOf('application/json', accept);
};

/** RFC 9110 12.5.1, for a type that must be named: wildcards get JSON. */
function qualityOf(type: string, accept: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((text) => text.trim());
    if (name !== type) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
