import type { Approval } from '../../approvals/types.ts';
import type { Briefing } from '../../domain/briefing/briefing.ts';
import type { MemberMail } from '../../domain/ports.ts';
import type { Principal, Scope } from '../../domain/types.ts';
import type { Logger } from '../../lib/logger.ts';
import type { BriefingLedger, BriefingRecord } from '../../store/briefings.ts';
import type { SettingsStore } from '../../store/settings.ts';
import type { SharedReadings } from './shared-readings.ts';

/** What the briefing reaches beside its tools. */
export interface BriefingParts {
  ledger: BriefingLedger;
  settings: SettingsStore;
  scopesOf(principal: Principal): readonly Scope[];
  /** Proposals this reader may decide. */
  waitingFor(principal: Principal): Promise<Approval[]>;
  /** Trials that end between two instants, the soonest first. */
  trialsEnding(between: {
    fromAt: number;
    toAt: number;
    limit: number;
  }): Promise<{ customerId: string; endsAt: number }[]>;
  share: SharedReadings;
  /** The summary in a model's words, every figure of it backed; null without a model or where its words did not hold. */
  wordSummary(briefing: Briefing, signal: AbortSignal): Promise<string[] | null>;
  surface(): BriefingSurface;
  mail: MemberMail;
  /** Said in every mail whose numbers are not real. */
  simulated: boolean;
  logger: Logger;
}

/** Where a briefing is shown in Slack. */
export interface BriefingSurface {
  /** Posts it once to the reader's DM, whatever is lost on the way. */
  post(record: BriefingRecord, briefing: Briefing): Promise<{ channelId: string; ts: string }>;
  showAtHome(person: { teamId: string; userId: string }): Promise<void>;
}
