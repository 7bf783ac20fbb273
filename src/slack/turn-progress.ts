import type { Answer, TurnEvent } from '../agent/turn.ts';

type Step = Extract<TurnEvent, { type: 'step' }>;

/** What a turn has told so far: what can be said of it when it is stopped. */
export class TurnProgress {
  readonly #steps = new Map<string, Step>();
  #proposals = 0;

  note(event: TurnEvent): void {
    if (event.type === 'step') this.#steps.set(event.id, event);
    else if (event.type === 'proposal') this.#proposals += 1;
  }

  /** "I stopped. Done: revenue, Oct 1 - 31. Not finished: MRR by plan. Nothing was changed." */
  whenStopped(because: 'asked' | 'too_long'): string {
    const opening =
      because === 'asked' ? 'I stopped.' : 'This took longer than I allow one question, so I stopped.';
    if (this.#steps.size === 0)
      return `${opening} I had not looked anything up yet, and nothing was changed.`;
    const done = this.#titles((step) => step.status === 'complete');
    const failed = this.#titles((step) => step.status === 'error');
    const open = this.#titles((step) => step.status === 'in_progress');
    return [
      opening,
      done && `Done: ${done}.`,
      failed && `Did not work: ${failed}.`,
      open && `Not finished: ${open}.`,
      this.#aftermath(),
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** What stays: a proposal stands until somebody decides on its card, and one's own settings stay set. */
  #aftermath(): string {
    const changed = this.#titles((step) => step.changes === true && step.status === 'complete');
    const mine = changed ? `What you had asked me to set is set: ${changed}.` : '';
    if (this.#proposals === 0) return mine || 'Nothing was changed.';
    const card =
      'The proposal I had made still stands: nothing happens unless somebody approves it on its card, and you can reject it there.';
    return [mine || 'Nothing was changed.', card].join(' ');
  }

  #titles(wanted: (step: Step) => boolean): string {
    const titles = [...this.#steps.values()].filter(wanted).map((step) => step.title);
    return [...new Set(titles)].join('; ');
  }
}

/** What stands in the place of an answer. */
export function plainAnswer(text: string, mode: string, referenceId: string | null = null): Answer {
  return { text, exhibits: [], receipts: [], choices: [], referenceId, mode };
}
