// The architecture, executed: `npm run architecture`. tests/architecture.spec.ts sees each rule fire on a planted violation.
const forbidden = [
  {
    name: 'modules-meet-at-index',
    comment: 'A module of an app has one door, its index.ts. Import that.',
    from: { path: '^(apps/[^/]+/src/)([^/]+)' },
    to: { path: '^$1[^/]+/', pathNot: ['^$1$2/', '^$1[^/]+/index[.]ts$'] },
  },
  {
    name: 'no-module-cycles',
    comment: 'The modules have a direction: what they know of each other can be drawn on one line.',
    scope: 'folder',
    from: {},
    to: { circular: true },
  },
  {
    name: 'modules-never-import-their-app',
    comment: 'The app composes its modules. A way back through it is a cycle that no-module-cycles does not see.',
    from: { path: '^(apps/[^/]+/src/)[^/]+/', pathNot: '[.]spec[.]ts$' },
    to: { path: '^$1[^/]+$', pathNot: '/settings[.]ts$' },
  },
  {
    name: 'apps-never-import-apps',
    comment:
      'Apps share libs and events, not code. Only the composition, apps/magasin, hosts others: by their index.ts.',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: ['^apps/$1/', '^apps/[^/]+/src/index[.]ts$'] },
  },
  {
    name: 'only-the-composition-hosts-apps',
    comment: 'Apps share libs and events, not code.',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/magasin/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'libs-never-import-apps',
    comment: 'A lib knows nobody who uses it.',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'libs-have-a-direction',
    comment: 'contracts ← event-log ← event-bus, hosting ← operations. The contracts know nobody.',
    from: { path: '^libs/(contracts|event-log)/' },
    to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/contracts/'] },
  },
  {
    name: 'the-bus-and-hosting-are-strangers',
    comment: 'A program without HTTP can have the bus, and one without the bus can be hosted.',
    from: { path: '^libs/(event-bus|hosting)/' },
    to: { path: '^libs/(event-bus|hosting)/', pathNot: '^libs/$1/' },
  },
  {
    name: 'operations-stands-on-the-other-libs',
    comment: 'It shows and repairs what they do. None of them needs it to work.',
    from: { path: '^libs/', pathNot: '^libs/operations/' },
    to: { path: '^libs/operations/' },
  },
  {
    name: 'only-the-backbone-names-bus-drivers',
    comment: 'The driver of the bus is chosen in one place: backbone.ts.',
    from: { pathNot: ['^libs/event-bus/src/(drivers/|backbone[.]ts$)', '[.]spec[.]ts$'] },
    to: { path: '^libs/event-bus/src/drivers/' },
  },
  {
    name: 'only-the-mailer-module-names-mailers',
    comment: 'The mailer is chosen in one place: mailer.module.ts.',
    from: { pathNot: ['/mailer/mailer[.]module[.]ts$', '[.]spec[.]ts$'] },
    to: { path: '/mailer/[^/]+[.]mailer[.]ts$' },
  },
  {
    name: 'handlers-record-never-publish',
    comment: 'A command records its event in its unit of work. Publishing is the business of the bus.',
    from: { path: '^apps/.+/(commands|reactions)/', pathNot: '[.]spec[.]ts$' },
    to: { path: '^libs/event-bus/' },
  },
];

module.exports = {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
  },
};
