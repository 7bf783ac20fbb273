import type { Period } from '../types.ts';

/** What came of a question a person asked Psi. */
export const TURN_OUTCOMES = ['answered', 'proposed', 'asked_back', 'failed', 'told'] as const;

/**
 * `answered`: from data. `proposed`: with something for people to decide. `asked_back`: with a question or choices.
 * `failed`: with a fault on our side. `told`: in words alone (help, thanks, a refusal), or with a thing of the asker's own.
 */
export type TurnOutcome = (typeof TURN_OUTCOMES)[number];

export interface TurnFact {
  outcome: TurnOutcome;
  /** Somebody said that the answer did not help. */
  unhelpful: boolean;
}

/** A proposal somebody may decide; one that was replaced by a newer one is not among them. */
export interface ProposalFact {
  createdAt: number;
  decidedAt: number | null;
  /** By a person's yes, whatever came of it. */
  approved: boolean;
  applied: boolean;
}

export type ProposalMoment = 'made' | 'decided' | 'settled';

/** What Psi has done itself, from its own store: always up to date. */
export interface PsiFacts {
  turnsIn(period: Period): Promise<TurnFact[]>;
  /** Proposals to which this happened in the period. */
  proposalsIn(moment: ProposalMoment, period: Period): Promise<ProposalFact[]>;
  /** How many briefings reached their reader. */
  briefingsIn(period: Period): Promise<number>;
}
