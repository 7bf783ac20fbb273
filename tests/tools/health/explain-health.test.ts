import { describe, expect, it } from 'vitest';
import { FEATURES } from '../../../src/domain/health/registry.ts';
import { ACME, NIMBUS_A } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { openRoom } from './room.ts';

const tool = toolNamed('explain_health');

describe('why a customer has its score', () => {
  it.each([
    'why is Acme red?',
    'why is acme at risk',
    'explain the health score of Acme',
    'what lowers the health of Acme?',
    'how come acme is critical',
    'why is Acme unhealthy?',
  ])('is meant by "%s"', async (message) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual({ customer: ACME.id });
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('can be asked of the one customer just looked at', async () => {
    const previous = [
      { tool: 'x', input: {}, listed: [{ id: ACME.id, label: ACME.name, customerId: ACME.id }] },
    ];
    expect((await bestReading(tool, 'why is it at risk?', previous))?.input).toEqual({ customer: ACME.id });
  });

  it.each(['why is mrr down?', 'how healthy is Acme?', 'why did acme usage fall'])(
    'is not meant by "%s"',
    async (message) => {
      expect(await bestReading(tool, message)).toBeNull();
    },
  );

  it('lays the score to its parts, what moved it and what is missing', async () => {
    const said = await openRoom().say(tool, { customer: ACME.id });
    expect(said).toMatch(
      /^Acme Robotics is in the warning band at \d\d of 100; what takes it down: calls fell/,
    );
    expect(said).toMatch(/It is down from \d\d 30 days ago, most of it by .*calls trend \(-\d/);
    expect(said).toMatch(/Confidence is 95%, because no connected source reports sessions/);
  });

  it('shows every feature that has a weight, and the costs and the score make 100', async () => {
    const [table] = await openRoom().shown(tool, { customer: ACME.id });
    expect(table?.kind).toBe('table');
    if (table?.kind !== 'table') return;
    expect(table.rows).toHaveLength(FEATURES.length);
    const output = await openRoom().run(tool, { customer: ACME.id });
    const score = 'score' in output && typeof output.score === 'number' ? output.score : Number.NaN;
    const costs = table.rows.reduce((sum, row) => sum + Number(row.at(-1)), 0);
    expect(Math.abs(100 - costs - score)).toBeLessThan(0.6);
  });

  it('refuses where there is no score', async () => {
    await expect(openRoom().say(tool, { customer: NIMBUS_A.id })).rejects.toThrow(
      /no health score for Nimbus/,
    );
  });
});
