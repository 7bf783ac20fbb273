import { creditsNotConnected } from '../src/connectors/not-connected.ts';
import type { Ports } from '../src/domain/ports.ts';
import { UserError } from '../src/lib/errors.ts';

const defaults = {
  briefing: { on: true, time: '08:00', tz: 'America/Los_Angeles', channels: ['slack', 'email'] as const },
  delegateId: null,
  awayUntilAt: null,
};

/** A house in which nothing runs, nobody has chosen anything and nothing is wrong. */
export const quietPorts: Pick<
  Ports,
  'skills' | 'settings' | 'alerts' | 'quality' | 'memory' | 'reports' | 'credits'
> = {
  credits: creditsNotConnected('Not part of this house.'),
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
  memory: { forgetThread: async () => ({ turns: 1 }) },
};
