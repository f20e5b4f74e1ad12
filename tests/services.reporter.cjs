// The last lines of all: how many tests were skipped because something is missing (needs.ts), and what to do.
module.exports = class {
  onRunComplete(_contexts, { testResults }) {
    const counts = new Map();
    for (const { ancestorTitles, status } of testResults.flatMap((file) => file.testResults)) {
      // A describe that needs something may stand in another one that does.
      const missing = [...ancestorTitles.join(' ').matchAll(/\[needs (.*?)\]/g)].map(([, what]) => what).join('; ');
      if (missing && status === 'pending') counts.set(missing, (counts.get(missing) ?? 0) + 1);
    }
    const lines = [...counts].map(([missing, count]) => `SKIPPED ${count} tests. They need ${missing}\n`);
    // Jest's own summary comes after every reporter.
    process.once('exit', () => process.stderr.write(lines.join('')));
  }
};
