import type { Approval, Door } from '../approvals/types.ts';
import { briefingText } from '../domain/briefing/as-text.ts';
import type { Briefing } from '../domain/briefing/briefing.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { BriefingLedger, BriefingRecord } from '../store/briefings.ts';
import type { Transcript } from '../store/transcript.ts';
import type { Poster } from './delivery/poster.ts';
import { briefingMessage } from './views/briefing.ts';

const KEPT_TRUE_MS = 7 * 24 * 60 * 60 * 1000;

/** Briefings in Slack: posted once each, and true to what has been decided since. */
export interface Briefings {
  post(record: BriefingRecord, briefing: Briefing): Promise<{ channelId: string; ts: string }>;
  /** Redraws every recent briefing that shows this approval. */
  onApproval(approval: Approval): Promise<void>;
  /** After a start: whatever was decided while nobody redrew. */
  reconcile(): Promise<void>;
}

export function createBriefings(parts: {
  ledger: Pick<BriefingLedger, 'posted'>;
  door: Pick<Door, 'get'>;
  poster: Poster;
  transcript: Transcript;
  clock: Clock;
  logger: Logger;
  simulated: boolean;
}): Briefings {
  const { ledger, door, poster, transcript, clock, logger, simulated } = parts;
  let redrawing: Promise<void> = Promise.resolve();

  async function messageOf(briefing: Briefing) {
    const approvals = new Map<string, Approval>();
    for (const { approvalId } of briefing.attention) {
      const approval = approvalId === null ? null : await door.get(approvalId);
      if (approval) approvals.set(approval.id, approval);
    }
    return briefingMessage(briefing, approvals, { simulated });
  }

  /** One after the other, each with the rows as they are when its turn comes. */
  function redraw(shows: (briefing: Briefing) => boolean): Promise<void> {
    redrawing = redrawing.then(async () => {
      for (const { teamId, slack, briefing, key } of await ledger.posted(clock.now() - KEPT_TRUE_MS)) {
        if (!slack || !briefing || !shows(briefing)) continue;
        try {
          await poster.update({ teamId, ...slack }, await messageOf(briefing));
        } catch (error) {
          logger.error({ err: error, briefing: key }, 'a briefing could not be redrawn');
        }
      }
    });
    return redrawing;
  }

  return {
    async post(record, briefing) {
      const { teamId, userId, key } = record;
      const channelId = await poster.openDm(teamId, userId);
      const posted = await poster.post(key, { teamId, channelId, ...(await messageOf(briefing)) });
      // Whoever asks on in its thread is understood: the thread begins with the briefing.
      await transcript.put(
        { teamId, channelId: posted.channelId, threadTs: posted.ts },
        { turnId: key, role: 'assistant', userId: null, content: memoryOf(briefing), at: clock.now() },
      );
      return { channelId: posted.channelId, ts: posted.ts };
    },
    onApproval: (approval) =>
      redraw((briefing) => briefing.attention.some(({ approvalId }) => approvalId === approval.id)),
    reconcile: () => redraw((briefing) => briefing.attention.some(({ approvalId }) => approvalId !== null)),
  };
}

/** As the agent remembers an answer of its own. */
function memoryOf(briefing: Briefing) {
  const calls = briefing.calls.map(({ tool, input, listed }) => ({
    tool,
    input,
    listed: listed.map(({ id, label }) => ({ id, label })),
  }));
  return { text: briefingText(briefing).slice(0, 2_000), calls, offers: [], proposals: [] };
}
