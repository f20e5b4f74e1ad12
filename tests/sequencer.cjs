// The order of the suites. Jest takes the largest file first where it knows no times, as on a fresh clone: some of the
// longest suites are small files, and would begin when all others are done.
const { default: Sequencer } = require('@jest/test-sequencer');

const LONG = ['tests/attack/attack', 'drivers/database.event-bus', 'drivers/kafka.event-bus', 'tests/killed'];

module.exports = class extends Sequencer {
  sort(tests) {
    const rankOf = ({ path }) => {
      const rank = LONG.findIndex((part) => path.includes(part));
      return rank < 0 ? LONG.length : rank;
    };
    return super.sort(tests).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
};
