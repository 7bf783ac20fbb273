import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Answer, TurnEvent } from '../../agent/turn.ts';
import type { Place } from '../../domain/types.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { isTimestamp } from '../place.ts';
import { answerMessage } from '../views/answer.ts';
import { asSent, clip, context, mrkdwn } from '../views/blocks.ts';
import { isAnswerLost, repeatable } from './call-slack.ts';
import type { Posted, Poster } from './poster.ts';

type Step = Extract<TurnEvent, { type: 'step' }>;

/** Slack closes a stream about five minutes after its start; a new one takes over well before. */
export const ROTATE_AFTER_MS = 4 * 60 * 1000;

/**
 * One turn's message: its steps stream while it works, its text is released only when the answer is whole.
 * Where Slack will not stream (rate, expiry), the same answer is posted or updated in one piece. A turn that
 * outlasts a stream goes on in the next one.
 */
export class TurnStream {
  #posted: Posted | null = null;
  #startedAt = 0;
  #parts = 0;
  #refused = false;
  #waiting: Step[] = [];
  readonly #latest = new Map<string, Step>();
  #sending: Promise<void> = Promise.resolve();
  #rotation: NodeJS.Timeout | null = null;

  constructor(
    private readonly parts: { client: WebClient; poster: Poster; clock: Clock; logger: Logger },
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
    this.#startedAt = this.parts.clock.now();
    this.#sending = Promise.all([this.#sayWorking(), this.#sayStatus('processing')]).then(() => undefined);
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

  /** While a session is processing, Slack shows its Stop button. */
  async #sayStatus(status: 'processing' | 'active'): Promise<void> {
    const { channelId: channel_id, threadTs: thread_ts } = this.turn.place;
    if (!isTimestamp(thread_ts)) return;
    try {
      await this.parts.client.agents.sessions.setStatus({ channel_id, thread_ts, status });
    } catch (error) {
      this.parts.logger.debug({ err: error }, 'the session status could not be set');
    }
  }

  /** Shows a step; steps that come faster than Slack answers travel together. */
  step(step: Step): void {
    this.#waiting.push(step);
    this.#latest.set(step.id, step);
    this.#soon(() => this.#flush());
  }

  #soon(work: () => Promise<void>): void {
    this.#sending = this.#sending.then(work).catch((error: unknown) => {
      this.parts.logger.debug({ err: error }, 'a step could not be shown');
      this.#refused = true;
    });
  }

  async finish(answer: Answer): Promise<void> {
    this.#stopTimer();
    await this.#sending;
    await this.#deliver(answer);
    await this.#sayStatus('active');
  }

  async #deliver(answer: Answer): Promise<void> {
    const notes = { simulated: this.turn.simulated, turnId: this.turn.turnId };
    if (!this.#posted) {
      const { teamId, channelId, threadTs } = this.turn.place;
      const place = { teamId, channelId, ...(isTimestamp(threadTs) ? { threadTs } : {}) };
      await this.parts.poster.post(this.#key, { ...place, ...answerMessage(answer, notes) });
      return;
    }
    const posted = this.#posted;
    const { text, blocks } = answerMessage(answer, notes);
    try {
      // The text is released as a chunk, so its block is left out. Repeating is safe: what has stopped refuses.
      const stop = {
        channel: posted.channelId,
        ts: posted.ts,
        chunks: [...this.#taken(), { type: 'markdown_text' as const, text }],
        blocks: asSent(blocks.slice(1)),
      };
      await repeatable(() => this.parts.client.chat.stopStream(stop));
    } catch (error) {
      this.parts.logger.info({ err: error }, 'a stream could not be finished; updating the message instead');
      // An answer that came through although its confirmation was lost is left as Slack rendered it.
      if (!(await this.#hasText(posted))) await this.parts.poster.update(posted, { text, blocks });
    }
    await this.parts.poster.note(this.#key, 'posted', posted);
  }

  /** Whether the message shows text already: text is released once, whole, with the stop. */
  async #hasText(posted: Posted): Promise<boolean> {
    const page = await repeatable(() =>
      this.parts.client.conversations.replies({
        channel: posted.channelId,
        ts: this.turn.place.threadTs,
        oldest: posted.ts,
        latest: posted.ts,
        inclusive: true,
        limit: 5,
      }),
    );
    return (page.messages ?? []).some((message) => message.ts === posted.ts && Boolean(message.text));
  }

  async #flush(): Promise<void> {
    if (this.#refused || this.#waiting.length === 0) return;
    if (this.#posted && this.parts.clock.now() - this.#startedAt >= ROTATE_AFTER_MS) await this.#rotate();
    if (this.#refused || this.#waiting.length === 0) return;
    if (!this.#posted) return this.#start();
    const { channelId: channel, ts } = this.#posted;
    const chunks = this.#taken();
    await repeatable(() => this.parts.client.chat.appendStream({ channel, ts, chunks }));
  }

  /** Ends the old stream with word of the next, in which the steps under way go on. */
  async #rotate(): Promise<void> {
    const old = this.#posted;
    if (!old) return;
    const more = context('Continued below.');
    try {
      const stop = { channel: old.channelId, ts: old.ts, chunks: this.#taken(), blocks: asSent([more]) };
      await repeatable(() => this.parts.client.chat.stopStream(stop));
    } catch (error) {
      this.parts.logger.info({ err: error }, 'an old stream was closed already');
      const done = [...this.#latest.values()].filter((step) => step.status !== 'in_progress');
      const steps = done.map((step) => context(clip(mrkdwn(step.title), 200)));
      const blocks = [...steps.slice(0, 20), more];
      await this.parts.poster.update(old, { text: 'Continued below.', blocks });
    }
    this.#parts += 1;
    await this.parts.poster.note(`part:${this.turn.turnId}:${this.#parts}`, 'posted', old);
    this.#posted = null;
    this.#waiting = [...this.#latest.values()].filter((step) => step.status === 'in_progress');
    if (this.#waiting.length > 0) await this.#start();
  }

  /** A look-up that takes minutes tells nothing meanwhile, so the clock alone must turn the stream over. */
  #startTimer(): void {
    this.#stopTimer();
    this.#rotation = setTimeout(() => this.#soon(() => this.#rotate()), ROTATE_AFTER_MS);
    this.#rotation.unref();
  }

  #stopTimer(): void {
    if (this.#rotation) clearTimeout(this.#rotation);
    this.#rotation = null;
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
    if (!this.#posted) return;
    this.#startedAt = this.parts.clock.now();
    this.#startTimer();
    await poster.note(this.#key, 'streaming', this.#posted);
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
