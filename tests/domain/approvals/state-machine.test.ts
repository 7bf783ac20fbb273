import { describe, expect, it } from 'vitest';
import { APPROVAL_STATES, isState, mayMove } from '../../../src/domain/approvals/state-machine.ts';

const moves: Record<string, string[]> = {
  pending: ['approved', 'rejected', 'expired', 'superseded'],
  approved: ['applying', 'superseded', 'failed'],
  applying: ['applying', 'applied', 'failed', 'unknown', 'superseded', 'undone'],
  unknown: ['applied', 'failed', 'undone'],
  applied: ['applying'],
};

describe('the states of an approval', () => {
  it.each(APPROVAL_STATES.flatMap((from) => APPROVAL_STATES.map((to) => [from, to] as const)))(
    '%s -> %s happens only where the door has a way for it',
    (from, to) => {
      expect(mayMove(from, to)).toBe(moves[from]?.includes(to) ?? false);
    },
  );

  it('never lets a dead request live again', () => {
    for (const dead of ['rejected', 'expired', 'superseded', 'failed', 'undone'] as const) {
      expect(APPROVAL_STATES.some((to) => mayMove(dead, to))).toBe(false);
    }
  });

  it('knows a state by its name', () => {
    expect(isState('applied')).toBe(true);
    expect(isState('done')).toBe(false);
  });
});
