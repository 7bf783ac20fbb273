import { type EvidenceSources, gatherEvidence, unmatchedFigures } from '../language/evidence.ts';
import { exponentOf } from '../money/exponents.ts';
import type { Briefing } from './briefing.ts';

/** Writes down every figure as it is put into words, with the receipt it came from. */
export interface FigureBook {
  /** Gives the text back, for use inside a sentence. */
  say(text: string, queryId: string | null): string;
  all(): Briefing['figures'];
}

export function openFigureBook(): FigureBook {
  const figures = new Map<string, string | null>();
  return {
    say(text, queryId) {
      if (!figures.has(text) || queryId !== null) figures.set(text, queryId);
      return text;
    },
    all: () => [...figures].map(([text, queryId]) => ({ text, queryId })),
  };
}

/** What prose about a briefing may say: its figures, and the days it speaks of. */
export function evidenceOf(briefing: Briefing): EvidenceSources {
  const { period, metrics, figures } = briefing;
  return {
    texts: [
      ...figures.map(({ text }) => text),
      ...metrics.flatMap(({ value, label }) => [value, label]),
      period.label,
    ],
    data: [
      { startAt: period.startAt, endAt: period.endAt - 1, asOfAt: briefing.asOfAt, dueAt: briefing.dueAt },
      { previousAt: briefing.previousAt },
    ],
    tz: briefing.tz,
    nowAt: briefing.asOfAt,
    exponentOf,
  };
}

/** Figures of a text about this briefing that nothing in it backs. */
export function strangeFigures(text: string, briefing: Briefing): string[] {
  return unmatchedFigures(text, gatherEvidence(evidenceOf(briefing))).map((figure) => figure.text);
}
