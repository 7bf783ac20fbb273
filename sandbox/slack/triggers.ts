import { SlackError } from './errors.ts';

/** Within it an app must have opened its modal. */
export const TRIGGER_LIVES_MS = 3000;

interface Trigger {
  user: string;
  issuedAt: number;
  usedFor: string | null;
  /** Set in a modal: views.push stacks on this view. */
  viewId: string | null;
}

/** Trigger ids: good for one modal, within three seconds of real time, as in Slack. */
export class Triggers {
  readonly #issued = new Map<string, Trigger>();
  #count = 0;

  issue(user: string, viewId: string | null = null): string {
    this.#count += 1;
    const id = `${Date.now()}.${this.#count}.${Math.floor(performance.now() * 1000).toString(16)}`;
    this.#issued.set(id, { user, issuedAt: performance.now(), usedFor: null, viewId });
    this.#forgetOld();
    return id;
  }

  /** Throws `invalid_trigger_id`, `expired_trigger_id` or `exchanged_trigger_id`. */
  exchange(id: string): { user: string; viewId: string | null } {
    const trigger = this.#issued.get(id);
    if (!trigger) throw new SlackError('invalid_trigger_id');
    if (trigger.usedFor !== null) throw new SlackError('exchanged_trigger_id');
    if (performance.now() - trigger.issuedAt > TRIGGER_LIVES_MS) throw new SlackError('expired_trigger_id');
    trigger.usedFor = 'view';
    return { user: trigger.user, viewId: trigger.viewId };
  }

  /** Remembers which view a trigger has opened. */
  opened(id: string, viewId: string): void {
    const trigger = this.#issued.get(id);
    if (trigger) trigger.usedFor = viewId;
  }

  /** The view a trigger has opened, or null. */
  openedView(id: string): string | null {
    const usedFor = this.#issued.get(id)?.usedFor ?? null;
    return usedFor === 'view' ? null : usedFor;
  }

  reset(): void {
    this.#issued.clear();
  }

  /** Old ones stay for a minute, so that a late use is told apart from an unknown id. */
  #forgetOld(): void {
    const oldest = performance.now() - 60_000;
    for (const [id, trigger] of this.#issued) {
      if (trigger.issuedAt >= oldest) return;
      this.#issued.delete(id);
    }
  }
}
