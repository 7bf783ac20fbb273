import type { StandIns } from './core/stand-ins.ts';

/** The systems this sandbox has. */
export const standIns: StandIns = {
  createWorld: () => {
    throw new Error('no world yet');
  },
  createWebhooks: () => ({ deliver: () => undefined, pending: () => 0 }),
  applyCompanyEvent: () => ({ id: '' }),
  register: async () => ({
    pending: () => 0,
    botUserId: () => '',
    users: () => [],
    channels: () => [],
    watch: () => undefined,
  }),
};
