import type { Message, ThreadState, View } from './records.ts';

/** A change that a person looking at Slack would see. */
export type SlackChange =
  | { type: 'message_posted' | 'message_changed' | 'message_deleted' | 'stream_chunk'; message: Message }
  | { type: 'ephemeral'; message: Message }
  | { type: 'view_opened' | 'view_updated' | 'view_closed' | 'home_published'; view: View }
  | { type: 'thread_state'; thread: ThreadState }
  | { type: 'reset' };

/** Tells everyone who watches the workspace; a watcher that fails stops nobody. */
export class SlackFeed {
  readonly #listeners = new Set<(change: SlackChange) => void>();

  /** Answers the function that ends the subscription. */
  subscribe(listener: (change: SlackChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(change: SlackChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }
}
