import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Answer, TurnEvent } from '../../agent/turn.ts';
import type { Place } from '../../domain/types.ts';
import type { Logger } from '../../lib/logger.ts';
import { isTimestamp } from '../place.ts';
import { answerBlocks, answerMessage } from '../views/answer.ts';
import { asSent, clip, LIMITS } from '../views/blocks.ts';
import { isAnswerLost, repeatable } from './call-slack.ts';
import type { Posted, Poster } from './poster.ts';

type Step = Extract<TurnEvent, { type: 'step' }>;

/**
 * One turn's message: its steps stream while it works, its text is released only when the answer is whole.
 * Where Slack will not stream (rate, expiry), the same answer is posted or updated in one piece.
 */
export class TurnStream {
  #posted: Posted | null = null;
  #refused = false;
  #waiting: Step[] = [];
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: { client: WebClient; poster: Poster; logger: Logger },
    private readonly turn: { turnId: string; place: Place; userId: string; simulated: boolean },
  ) {}

  get #key(): string {
    return `turn:${this.turn.turnId}`;
  }

  /** Takes up the message that an earlier, interrupted run of this turn began. False: it was answered already. */
  async begin(): Promise<boolean> {
    const earlier = await this.parts.poster.delivered(this.#key);
    if (earlier?.state === 'posted') return false;
    if (earlier !== null)
      this.#posted = earlier.posted
        ? { teamId: this.turn.place.teamId, ...earlier.posted }
        : await this.#findUnclaimed();
    this.#sending = this.#sayWorking();
    return true;
  }

  /** Says that somebody is at work, until the first message does; a nicety, so it may fail. */
  async #sayWorking(): Promise<void> {
    const { channelId: channel_id, threadTs: thread_ts } = this.turn.place;
    if (!isTimestamp(thread_ts)) return;
    try {
      const status = 'is looking into it';
      await this.parts.client.assistant.threads.setStatus({ channel_id, thread_ts, status });
    } catch (error) {
      this.parts.logger.debug({ err: error }, 'the status could not be shown');
    }
  }

  /** Shows a step; steps that come faster than Slack answers travel together. */
  step(step: Step): void {
    this.#waiting.push(step);
    this.#sending = this.#sending
      .then(() => this.#flush())
      .catch((error: unknown) => {
        this.parts.logger.debug({ err: error }, 'a step could not be shown');
        this.#refused = true;
      });
  }

  async finish(answer: Answer): Promise<void> {
    await this.#sending;
    const notes = { simulated: this.turn.simulated };
    if (!this.#posted) {
      const { teamId, channelId, threadTs } = this.turn.place;
      const place = { teamId, channelId, ...(isTimestamp(threadTs) ? { threadTs } : {}) };
      await this.parts.poster.post(this.#key, { ...place, ...answerMessage(answer, notes) });
      return;
    }
    const posted = this.#posted;
    try {
      await this.#stop(posted, answer, notes);
    } catch (error) {
      this.parts.logger.info({ err: error }, 'a stream could not be finished; updating the message instead');
      await this.parts.poster.update(posted, answerMessage(answer, notes));
    }
    await this.parts.poster.note(this.#key, 'posted', posted);
  }

  async #stop(posted: Posted, answer: Answer, notes: { simulated: boolean }): Promise<void> {
    const stop = {
      channel: posted.channelId,
      ts: posted.ts,
      chunks: [
        ...this.#taken(),
        { type: 'markdown_text' as const, text: clip(answer.text, LIMITS.markdown) },
      ],
      blocks: asSent(answerBlocks(answer, notes)),
    };
    // Repeating is safe: a stream that has stopped refuses, and then the whole message is written over it.
    await repeatable(() => this.parts.client.chat.stopStream(stop));
  }

  async #flush(): Promise<void> {
    if (this.#refused || this.#waiting.length === 0) return;
    if (!this.#posted) return this.#start();
    const { channelId: channel, ts } = this.#posted;
    const chunks = this.#taken();
    await repeatable(() => this.parts.client.chat.appendStream({ channel, ts, chunks }));
  }

  async #start(): Promise<void> {
    const { channelId: channel, threadTs, kind, teamId } = this.turn.place;
    if (!isTimestamp(threadTs)) {
      this.#refused = true;
      return;
    }
    const recipient =
      kind === 'channel' ? { recipient_user_id: this.turn.userId, recipient_team_id: teamId } : {};
    const { poster } = this.parts;
    await poster.note(this.#key, 'starting', { channelId: channel, ts: null });
    try {
      const answer = await this.parts.client.chat.startStream({
        channel,
        thread_ts: threadTs,
        task_display_mode: 'timeline',
        chunks: this.#taken(),
        ...recipient,
      });
      if (!answer.ts) throw new Error('Slack started a stream without a timestamp');
      this.#posted = { teamId, channelId: channel, ts: answer.ts };
    } catch (error) {
      if (isAnswerLost(error)) this.#posted = await this.#findUnclaimed();
      else if (!(error instanceof WebAPIPlatformError || error instanceof WebAPIRateLimitedError))
        throw error;
      this.#refused = this.#posted === null;
    }
    if (this.#posted) await poster.note(this.#key, 'streaming', this.#posted);
  }

  /**
   * A start whose answer was lost may have left a stream: the newest message of ours in the thread that no
   * delivery knows. Streams cannot carry metadata, everything else of ours does.
   */
  async #findUnclaimed(): Promise<Posted | null> {
    const { teamId, channelId, threadTs } = this.turn.place;
    const page = await repeatable(() =>
      this.parts.client.conversations.replies({
        channel: channelId,
        ts: threadTs,
        include_all_metadata: true,
        limit: 1000,
      }),
    );
    for (const message of (page.messages ?? []).toReversed()) {
      if (!message.bot_id || !message.ts || message.metadata?.event_type) continue;
      if (!(await this.parts.poster.knows(channelId, message.ts)))
        return { teamId, channelId, ts: message.ts };
    }
    return null;
  }

  #taken() {
    return this.#waiting.splice(0).map((step) => ({
      type: 'task_update' as const,
      id: step.id,
      title: clip(step.title, 200),
      status: step.status,
      ...(step.details ? { details: clip(step.details, 300) } : {}),
    }));
  }
}
