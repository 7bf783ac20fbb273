import { type EvidenceSources, gatherEvidence, unmatchedFigures } from '../domain/language/evidence.ts';
import type { Figure } from '../domain/language/figures.ts';
import { plainCell, safeText } from '../domain/language/safe-text.ts';
import type { Exhibit } from '../domain/types.ts';
import type { Choice } from '../lib/errors.ts';

export const MAX_ANSWER_LENGTH = 48_000;

/** Nothing is ever carried out while a turn runs, so no sentence may say it was. */
const CLAIMS_OF_DEEDS = [
  /\bI(?:['’]ve| have)?\s+(?:just |already |now |successfully )*(?:refunded|approved|sent|emailed|issued|cancell?ed|processed|charged|credited|paid|updated|changed|deleted)\b/i,
  /\b(?:refunds?|payments?|e-?mails?|reminders?|requests?|approvals?)\s+(?:has|have) been\s+(?:\w+ )?(?:approved|sent|issued|processed|made|completed|executed)\b/i,
  /\b(?:is|was|has been|have been) (?:already |now )?approved by\b/i,
];

export type GateVerdict = { ok: true } | { ok: false; problems: string[] };

export interface GateSources extends EvidenceSources {
  /** Words of somebody who doubts a number: a figure of theirs may be quoted as theirs, never given as ours. */
  theirs?: readonly string[];
}

/** Whether a model's words may be posted: every figure backed by this turn's data, no deed claimed. */
export function checkProse(prose: string, sources: GateSources): GateVerdict {
  const said = prose.normalize('NFKC');
  const unmatched = unmatchedFigures(said, gatherEvidence(sources));
  const figures = unmatched
    .filter((figure) => !isQuoted(figure, said, sources))
    .map((figure) => `the figure "${figure.text}" is in no tool output of this turn`);
  const claims = CLAIMS_OF_DEEDS.flatMap((pattern) => prose.match(pattern)?.[0] ?? []).map(
    (claim) => `"${claim}" says that something was done, and nothing was`,
  );
  const problems = [...new Set([...figures, ...claims])];
  return problems.length === 0 ? { ok: true } : { ok: false, problems: problems.slice(0, 12) };
}

const QUOTED =
  /\b(?:you(?:['’]ve)? (?:have|had|said|say|mention(?:ed)?|gave|give|wrote|quoted?|named|think|thought|expect(?:ed)?)|your (?:own )?(?:figure|number|amount|value|count|total)|the (?:figure|number|amount) you|(?:finance|they|accounting) (?:say|says|said|has|have|had|gave|gives|reports?|reported))\b/i;
const ADOPTED =
  /\b(?:you(?:['’]re| are)(?: \w+)? (?:right|correct)|i (?:agree|stand corrected)|correct figure|should be|actually)\b/i;

/** It stands in a sentence that says whose figure it is, and does not agree with it. */
function isQuoted(figure: Figure, prose: string, sources: GateSources): boolean {
  if (!sources.theirs || sources.theirs.length === 0) return false;
  const own = gatherEvidence({ ...sources, texts: sources.theirs, data: [] });
  const before = prose.slice(0, figure.start);
  const from = Math.max(before.lastIndexOf('. '), before.lastIndexOf('\n')) + 1;
  const end = prose.slice(figure.end).search(/[.!?](?:\s|$)|\n/);
  const sentence = prose.slice(from, end === -1 ? prose.length : figure.end + end);
  return unmatchedFigures(figure.text, own).length === 0 && QUOTED.test(sentence) && !ADOPTED.test(sentence);
}

/** Escaped, without mentions, foreign links and invisible characters, and not too long. */
export function makeSafe(
  text: string,
  allowedHosts: readonly string[],
  names: readonly string[] = [],
): string {
  return safeText(text, { allowedHosts, names, maxLength: MAX_ANSWER_LENGTH });
}

/** Cells and labels are shown as plain text; views escape them where their block needs it. */
export function safeExhibits(exhibits: readonly Exhibit[]): Exhibit[] {
  return exhibits.map((exhibit) => {
    if (exhibit.kind === 'table') {
      return {
        ...exhibit,
        title: plainCell(exhibit.title),
        columns: exhibit.columns.map((column) => ({ ...column, header: plainCell(column.header) })),
        rows: exhibit.rows.map((row) => row.map(plainCell)),
      };
    }
    if (exhibit.kind === 'fields') {
      const fields = exhibit.fields.map(({ label, value }) => ({
        label: plainCell(label),
        value: plainCell(value),
      }));
      return { ...exhibit, title: plainCell(exhibit.title), fields };
    }
    if (exhibit.kind === 'waterfall') {
      return {
        ...exhibit,
        title: plainCell(exhibit.title),
        alt: plainCell(exhibit.alt),
        steps: exhibit.steps.map((step) => ({ ...step, label: plainCell(step.label) })),
      };
    }
    if (exhibit.kind === 'survival') {
      return {
        ...exhibit,
        title: plainCell(exhibit.title),
        alt: plainCell(exhibit.alt),
        curves: exhibit.curves.map((curve) => ({ ...curve, name: plainCell(curve.name) })),
      };
    }
    if (exhibit.kind === 'heatmap') {
      return {
        ...exhibit,
        title: plainCell(exhibit.title),
        alt: plainCell(exhibit.alt),
        columns: exhibit.columns.map(plainCell),
        rows: exhibit.rows.map((row) => ({ ...row, label: plainCell(row.label) })),
      };
    }
    return {
      ...exhibit,
      title: plainCell(exhibit.title),
      alt: plainCell(exhibit.alt),
      categories: exhibit.categories.map(plainCell),
      series: exhibit.series.map((series) => ({ ...series, name: plainCell(series.name) })),
    };
  });
}

export function safeChoices(choices: readonly Choice[]): Choice[] {
  return choices
    .slice(0, 5)
    .map(({ label, say }) => ({ label: plainCell(label).slice(0, 75), say: plainCell(say) }));
}
