/**
 * The import law. Each rule names folders; tests/import-law.test.ts fails when a named folder is missing,
 * when fewer modules were seen than there are files, and when a planted violation goes unnoticed.
 */
const room = (name) => `^src/${name}/`;
const only = (from, allowed, comment) => ({
  name: `${from}-imports-only-its-own`,
  comment,
  severity: 'error',
  from: { path: room(from) },
  to: { path: '^src/', pathNot: [room(from), ...allowed].join('|') },
});
const LANG = 'node_modules/@langchain/';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|sandbox)/' },
      to: { circular: true },
    },
    {
      name: 'src-never-imports-sandbox',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'sandbox-never-imports-src',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^src/' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      from: { path: '^(src|sandbox)/' },
      to: { path: '^src/main\\.ts$' },
    },
    only('lib', [], 'lib knows no room'),
    only('golden', [room('domain'), room('lib')], 'golden cases are run on the pure part'),
    only('domain', ['^src/lib/errors\\.ts$'], 'domain is pure: itself and the closed list of errors'),
    only('store', [room('domain'), room('lib')], 'store implements what domain declares'),
    only('connectors', [room('domain'), room('lib')], 'connectors implement what domain declares'),
    only(
      'approvals',
      [room('tools'), room('domain'), room('store'), room('lib')],
      'approvals sits beside tools',
    ),
    only(
      'tools',
      [room('domain'), room('store'), room('approvals'), room('lib')],
      'tools get their ports through ctx',
    ),
    only('jobs', [room('domain'), room('lib')], 'jobs are pure functions of domain, done on threads'),
    only('charts', [room('domain'), room('lib')], 'charts draw what domain describes'),
    only('documents', [room('domain'), room('lib')], 'documents print what domain describes'),
    only(
      'skills',
      [room('tools'), room('approvals'), room('domain'), room('store'), room('lib')],
      'skills are made of tools and domain steps',
    ),
    only(
      'agent',
      [room('tools'), room('approvals'), room('domain'), room('store'), room('lib')],
      'agent uses tools',
    ),
    only(
      'slack',
      [room('agent'), room('charts'), room('approvals'), room('domain'), room('store'), room('lib')],
      'slack uses the agent',
    ),
    only(
      'schedules',
      [
        room('agent'),
        room('skills'),
        room('tools'),
        room('approvals'),
        room('domain'),
        room('store'),
        room('lib'),
      ],
      'schedules enter at the same door',
    ),
    only(
      'server',
      [room('connectors'), room('agent'), room('approvals'), room('domain'), room('store'), room('lib')],
      'server takes webhooks',
    ),
    {
      name: 'domain-imports-no-io',
      severity: 'error',
      from: { path: room('domain') },
      to: {
        pathNot: ['^src/', 'node_modules/(zod|currency-codes|jstat|temporal-polyfill|first-match|nub)/'].join(
          '|',
        ),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'stripe-stays-in-its-connector',
      severity: 'error',
      from: { path: '^src/', pathNot: room('connectors') },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'supabase-stays-in-its-connector',
      severity: 'error',
      from: { path: '^src/', pathNot: room('connectors') },
      to: { path: 'node_modules/@supabase/' },
    },
    {
      name: 'mail-stays-in-its-connector',
      severity: 'error',
      from: { path: '^src/', pathNot: room('connectors') },
      to: { path: 'node_modules/(nodemailer|@sendgrid)/' },
    },
    {
      name: 'postgres-stays-in-its-connector',
      severity: 'error',
      from: { path: '^src/', pathNot: room('connectors') },
      to: { path: 'node_modules/pg/' },
    },
    {
      name: 'drawing-stays-in-charts-and-documents',
      severity: 'error',
      from: { path: '^src/', pathNot: [room('charts'), room('documents')].join('|') },
      to: { path: 'node_modules/(vega|vega-lite|@resvg)/' },
    },
    {
      name: 'pdf-stays-in-documents',
      severity: 'error',
      from: { path: '^src/', pathNot: room('documents') },
      to: { path: 'node_modules/(pdfkit|qrcode-generator)/' },
    },
    {
      name: 'slack-sdk-stays-in-slack',
      severity: 'error',
      from: { path: '^src/', pathNot: room('slack') },
      to: { path: 'node_modules/@slack/' },
    },
    {
      name: 'langchain-stays-in-agent-and-skills',
      severity: 'error',
      from: { path: '^src/', pathNot: [room('agent'), room('skills')].join('|') },
      to: { path: LANG },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
