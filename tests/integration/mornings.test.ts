import { beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { simulate } from '../../simulations/run.ts';
import { newWorkspace } from './workspace.ts';

let workspace: Launched;

beforeAll(async () => {
  workspace = await newWorkspace('2026-10-31T18:00:00-07:00');
}, 120_000);

/** Two days of `npm run simulate`, which lets a month pass. */
describe('mornings over the end of summer time, while things go wrong', () => {
  it('come once to each reader, in their hour, with true figures', async () => {
    const outcome = await simulate(workspace.client, { days: 2, readers: 9, seed: 12, misfortunes: true });
    const { missing, surplus, late, mailsTwice, untrue } = outcome;
    expect({ missing, surplus, late, mailsTwice, untrue }).toEqual({
      missing: [],
      surplus: [],
      late: [],
      mailsTwice: [],
      untrue: [],
    });
    expect(outcome.expected).toBeGreaterThanOrEqual(17);
    expect(outcome.delivered).toBe(outcome.expected);
    expect(outcome.figuresChecked).toBeGreaterThan(100);
    expect(Object.keys(outcome.misfortunes).length).toBeGreaterThan(2);
  }, 240_000);
});
