import type { Ports } from './domain/ports.ts';
import { UserError } from './lib/errors.ts';

/** Ports whose rooms are being built: they hold nothing. */
export const notBuilt: Pick<Ports, 'skills' | 'quality'> = {
  skills: {
    skills: () => [],
    start: async ({ skill }) => {
      throw new UserError('not_found', `There is no skill called ${skill}.`);
    },
    list: async () => [],
  },
  quality: { results: async () => [] },
};
