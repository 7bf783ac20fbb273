import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Answer, TurnEvent } from '../../agent/turn.ts';
import type { Place } from '../../domain/types.ts';
import type { Logger } from '../../lib/logger.ts';
import { isTimestamp } from '../cards.ts';
import { answerBlocks, answerMessage } from '../views/answer.ts';
import { clip, LIMITS } from '../views/blocks.ts';
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

  /** A stream that an earlier, interrupted run of this turn left open is taken away. False: already answered. */
  async begin(): Promise<boolean> {
    const earlier = await this.parts.poster.delivered(this.#key);
    if (earlier?.state === 'posted') return false;
    if (earlier?.state === 'streaming' && earlier.posted) {
      const { channelId, ts } = earlier.posted;
      await repeatable(() => this.parts.client.chat.delete({ channel: channelId, ts })).catch(
        () => undefined,
      );
    }
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
      const { channelId, threadTs } = this.turn.place;
      const place = { channelId, ...(isTimestamp(threadTs) ? { threadTs } : {}) };
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
    const call = () =>
      this.parts.client.chat.stopStream({
        channel: posted.channelId,
        ts: posted.ts,
        chunks: [...this.#taken(), { type: 'markdown_text', text: clip(answer.text, LIMITS.markdown) }],
        // The chart block is newer than Slack's types.
        blocks: answerBlocks(answer, notes) as never[],
      });
    try {
      await call();
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) await repeatable(call);
      else if (isAnswerLost(error)) await this.parts.poster.update(posted, answerMessage(answer, notes));
      else throw error;
    }
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
    try {
      const answer = await this.parts.client.chat.startStream({
        channel,
        thread_ts: threadTs,
        task_display_mode: 'timeline',
        chunks: this.#taken(),
        ...recipient,
      });
      if (!answer.ts) throw new Error('Slack started a stream without a timestamp');
      this.#posted = { channelId: channel, ts: answer.ts };
      await this.parts.poster.note(this.#key, 'streaming', this.#posted);
    } catch (error) {
      this.#refused = true;
      if (isAnswerLost(error)) await this.#removeOrphan(channel, threadTs);
      else if (!(error instanceof WebAPIPlatformError || error instanceof WebAPIRateLimitedError))
        throw error;
    }
  }

  /** A start whose answer was lost may have left an empty stream of ours at the end of the thread. */
  async #removeOrphan(channel: string, threadTs: string): Promise<void> {
    const page = await repeatable(() =>
      this.parts.client.conversations.replies({ channel, ts: threadTs, limit: 200 }),
    );
    const last = page.messages?.at(-1);
    if (!last?.ts || last.ts === threadTs || !last.bot_id || last.text) return;
    const ts = last.ts;
    await repeatable(() => this.parts.client.chat.delete({ channel, ts })).catch(() => undefined);
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
