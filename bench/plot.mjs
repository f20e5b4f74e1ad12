const WIDTH = 640;
const HEIGHT = 400;
const LEFT = 70;
const TOP = 50;
const RIGHT = WIDTH - 30;
const BOTTOM = HEIGHT - 60;

/** A round step that gives about five lines up to the largest value. */
function stepFor(largest) {
  const rough = largest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
}

/** Events per second over partitions, as SVG: what was measured, and what would be if each partition gave all it can. */
export function plot(measured, title) {
  const [{ rate: single }] = measured;
  const most = Math.max(...measured.map(({ partitions }) => partitions));
  const largest = Math.max(single * most, ...measured.map(({ rate }) => rate));
  const step = stepFor(largest);
  const top = Math.ceil(largest / step) * step;
  const x = (partitions) => (LEFT + ((RIGHT - LEFT) * partitions) / most).toFixed(1);
  const y = (rate) => (BOTTOM - ((BOTTOM - TOP) * rate) / top).toFixed(1);
  const text = (at, what, more = '') => `<text x="${at[0]}" y="${at[1]}" ${more}>${what}</text>`;

  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step).flatMap((rate) => [
    `<path d="M${LEFT} ${y(rate)}H${RIGHT}" stroke="#ddd"/>`,
    text([LEFT - 8, Number(y(rate)) + 4], rate, 'text-anchor="end"'),
  ]);
  const ticks = [...new Set(measured.map(({ partitions }) => partitions))].map((partitions) =>
    text([x(partitions), BOTTOM + 20], partitions, 'text-anchor="middle"'),
  );
  const alone = measured.filter(({ processes }) => processes === 1);
  const points = measured.map(
    ({ partitions, processes, rate }) =>
      `<circle cx="${x(partitions)}" cy="${y(rate)}" r="5" fill="${processes === 1 ? '#0969da' : '#fff'}" ` +
      `stroke="#0969da" stroke-width="2"><title>${partitions} partitions, ${processes} process${processes > 1 ? 'es' : ''}: ` +
      `${rate.toFixed(0)} events/s</title></circle>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text([LEFT, 26], title, 'font-size="15"')}
${lines.join('\n')}
${ticks.join('\n')}
${text([(LEFT + RIGHT) / 2, HEIGHT - 18], 'partitions', 'text-anchor="middle"')}
<path d="M${x(1)} ${y(single)}L${x(most)} ${y(single * most)}" stroke="#999" stroke-dasharray="5 5" fill="none"/>
<path d="M${alone.map(({ partitions, rate }) => `${x(partitions)} ${y(rate)}`).join('L')}" stroke="#0969da" stroke-width="2" fill="none"/>
${points.join('\n')}
${text([LEFT + 16, TOP + 18], '– – as many times one partition', 'fill="#777"')}
${text([LEFT + 16, TOP + 36], '● one process', 'fill="#0969da"')}
${text([LEFT + 16, TOP + 54], '○ two processes', 'fill="#0969da"')}
</svg>
`;
}
