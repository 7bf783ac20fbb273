import {
  booksNotConnected,
  collectionNotConnected,
  creditsNotConnected,
  invoicesNotConnected,
  serviceNotConnected,
  usageNotConnected,
} from '../src/connectors/not-connected.ts';
import type { MeteredUsage } from '../src/domain/billing/run/billing-desk.ts';
import { billingSettingsSchema } from '../src/domain/billing/run/settings.ts';
import { DEFAULT_MATCH_SETTINGS } from '../src/domain/books/match-settings.ts';
import type { Ports } from '../src/domain/ports.ts';
import { UserError } from '../src/lib/errors.ts';

const nothingBilled = async (): Promise<never> => {
  throw new UserError('unsupported', 'Nothing is billed here.');
};

/** A seller who charges no tax. */
export const billingSettings = billingSettingsSchema.parse({
  version: 1,
  entity: {
    id: 'main',
    name: 'PsiZero, Inc.',
    city: 'Los Angeles',
    postcode: '90014',
    country: 'US',
    tax_number: '00-0000000',
  },
});

/** No source publishes usage events. */
export const nothingMetered: MeteredUsage = {
  getUsageFromEvents: () => [],
  markPeriod: () => undefined,
  reopenPeriod: () => undefined,
  dirtyPeriods: () => [],
  settlePeriod: () => undefined,
  unsettlePeriod: () => undefined,
  deadLetters: () => [],
  openDeadLetters: () => [],
  settled: () => null,
  catchUp: async () => undefined,
};

const defaults = {
  briefing: { on: true, time: '08:00', tz: 'America/Los_Angeles', channels: ['slack', 'email'] as const },
  delegateId: null,
  awayUntilAt: null,
};

/** A house in which nothing runs, nobody has chosen anything and nothing is wrong. */
export const quietPorts: Pick<
  Ports,
  | 'forecasts'
  | 'skills'
  | 'settings'
  | 'alerts'
  | 'quality'
  | 'memory'
  | 'reports'
  | 'billing'
  | 'credits'
  | 'health'
  | 'deliveries'
  | 'recovery'
  | 'books'
> = {
  deliveries: {
    routeOf: async (customer) => ({
      channel: 'email',
      address: customer.email,
      name: customer.name,
      language: 'en',
      timeWords: 'in business hours of America/New_York',
      hindrance: null,
    }),
    deliver: async (issued, key) => ({
      ...{ id: 'dlv_1', key, invoiceId: issued.id, stripeInvoiceId: issued.stripeInvoiceId },
      ...{
        number: issued.number,
        customerId: issued.customerId,
        channel: 'email',
        address: 'a@acme.example',
      },
      ...{ name: 'Acme', language: 'en', dueAt: 0, state: 'queued', attempts: 0 },
      ...{ sentAt: null, settledAt: null, reason: null },
    }),
    queued: async () => null,
    ofInvoice: async () => [],
    suppression: async () => null,
  },
  credits: creditsNotConnected('nothing is credited here'),
  recovery: {
    collection: collectionNotConnected('nothing is charged here'),
    service: serviceNotConnected('nobody is restricted here'),
    failing: async () => [],
    attemptsOf: async () => [],
    beginAttempt: async () => undefined,
    endAttempt: async () => undefined,
    refuseAttempt: async () => undefined,
    refusedSince: async () => [],
    outcomesSince: async () => [],
    failuresSince: async () => [],
    open: nothingBilled,
    close: async () => undefined,
    openDunnings: async () => [],
    dunningOf: async () => null,
    dunningsSince: async () => [],
    note: async () => undefined,
    eventsOf: async () => [],
    levelsOf: async () => [],
    restricted: async () => [],
    restoredSince: async () => 0,
    noteLevel: async () => undefined,
    incidentsSince: async () => [],
    experiment: () => null,
    register: async () => undefined,
  },
  books: {
    bringUp: nothingBilled,
    entries: async () => [],
    trialBalance: async () => ({ rows: [], totals: [], balanced: true }),
    movements: async () => [],
    movedBefore: async () => [],
    importLines: nothingBilled,
    openLines: async () => [],
    openInvoices: async () => [],
    matchSettings: async () => DEFAULT_MATCH_SETTINGS,
    confirm: nothingBilled,
    source: booksNotConnected('nothing is booked here'),
  },
  billing: {
    settings: () => billingSettings,
    runs: {
      open: nothingBilled,
      ofMonth: async () => null,
      close: nothingBilled,
      saveDrafts: nothingBilled,
      get: async () => null,
      numbered: async () => null,
      list: async () => [],
      ofCustomer: async () => [],
      giveNumber: nothingBilled,
      markIssued: nothingBilled,
      markUnwound: nothingBilled,
    },
    invoices: invoicesNotConnected('nothing is billed here'),
    source: usageNotConnected('nothing is billed here'),
    metering: nothingMetered,
    keep: nothingBilled,
    draw: nothingBilled,
  },
  skills: {
    skills: () => [],
    start: async ({ skill }) => {
      throw new UserError('not_found', `There is no skill called ${skill}.`);
    },
    list: async () => [],
  },
  settings: {
    get: async () => defaults,
    change: async () => ({ before: defaults, after: defaults }),
    nextBriefingAt: async () => null,
  },
  alerts: {
    open: async () => ({ rows: [], total: 0 }),
    kindsFor: () => [],
    list: async () => ({ rows: [], total: 0 }),
    inThread: async () => [],
    snooze: async () => {
      throw new UserError('not_found', 'There is no such alert.');
    },
    own: async () => {
      throw new UserError('not_found', 'There is no such alert.');
    },
  },
  quality: { results: async () => [] },
  reports: {
    read: async () => [],
    target: async () => ({ kind: 'dm', channelId: 'D1', channelName: null }),
    create: async () => {
      throw new UserError('unsupported', 'Nothing is scheduled here.');
    },
    list: async () => [],
    change: async () => null,
  },
  forecasts: {
    issue: async () => 'fc_1',
    due: async () => [],
    score: async () => {},
    record: async () => ({ scored: [], waiting: 0 }),
  },
  health: {
    version: () => '1-none',
    bands: () => ({ critical: 30, warning: 60, healthy: 80, margin: 3 }),
    assess: async () => null,
    standings: async () => ({ now: [], before: [] }),
    history: async () => [],
    stake: async () => null,
    greenButLeft: async () => [],
  },
  memory: { forgetThread: async () => ({ turns: 1 }) },
};
