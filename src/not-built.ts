import type { Ports } from './domain/ports.ts';
import { UserError } from './lib/errors.ts';

/** Ports whose rooms are being built: they hold nothing. */
export const notBuilt: Pick<Ports, 'skills' | 'settings'> = {
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
  },
};

const defaults = {
  briefing: { on: true, time: '08:00', tz: 'America/Los_Angeles', channels: ['slack', 'email'] as const },
  delegateId: null,
  awayUntilAt: null,
};
