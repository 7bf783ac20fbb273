import type { PeriodAnchor } from '../periods/rule.ts';

/** The values this company's own records have, so that a sentence can narrow to one of them by its name. */
export interface CompanyWords {
  plans: readonly string[];
  regions: readonly string[];
  segments: readonly string[];
  channels: readonly string[];
  /** Mails of those who look after customers. */
  owners: readonly string[];
  /** People of the workspace, for "lena's accounts". */
  members: readonly Member[];
  /** Who is asking, for "my accounts". */
  asker: Member | null;
  /** What "since the outage" counts from, newest first. */
  anchors: readonly PeriodAnchor[];
  /** The month the fiscal year begins in, 1 to 12. */
  fiscalYearStart: number;
}

export interface Member {
  name: string;
  email: string | null;
}

/** A company of which nothing is known. */
export const NO_WORDS: CompanyWords = {
  plans: [],
  regions: [],
  segments: [],
  channels: [],
  owners: [],
  members: [],
  asker: null,
  anchors: [],
  fiscalYearStart: 1,
};
