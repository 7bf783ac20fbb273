import type { Exhibit } from '../domain/types.ts';
import { percentWords } from './chart-words.ts';

export type SurvivalPicture = Extract<Exhibit, { kind: 'survival' }>;
type Curve = SurvivalPicture['curves'][number];

/** Percent still there at a month of age. */
export function percentAt({ points }: Curve, month: number): number {
  return points.findLast((point) => point.month <= month)?.percent ?? 100;
}

/** The last age the picture tells numbers for: what the title speaks of. */
function toldAge({ ages, months }: SurvivalPicture): number {
  return ages.includes(12) ? 12 : (ages.at(-1) ?? months);
}

/** "How long customers stay: 78% still there after 12 months"; of several, the highest and the lowest. */
export function survivalHeadline(picture: SurvivalPicture): string {
  const age = toldAge(picture);
  const shares = picture.curves
    .map((curve) => ({ name: curve.name, percent: percentAt(curve, age) }))
    .sort((a, b) => b.percent - a.percent);
  const [most] = shares;
  const least = shares.at(-1);
  const after = `after ${age} ${age === 1 ? 'month' : 'months'}`;
  if (!most || !least) return picture.title;
  if (shares.length === 1) return `${picture.title}: ${words(most.percent)} still there ${after}`;
  if (words(most.percent) === words(least.percent))
    return `${picture.title}: ${words(most.percent)} still there ${after}, whichever they are`;
  return `${picture.title}: ${after} ${words(most.percent)} (${most.name}) to ${words(least.percent)} (${least.name}) still there`;
}

function words(percent: number): string {
  return percentWords(percent / 100);
}

/** Each curve at the ages told, with how many were observed, for those who cannot look. */
export function survivalAlt(picture: SurvivalPicture): string {
  const lines = picture.curves.map((curve) => {
    const told = picture.ages.flatMap((age, at) => {
      const watched = curve.atRisk[at] ?? 0;
      return age === 0 || watched === 0
        ? []
        : [`${words(percentAt(curve, age))} at ${age} (${watched} observed)`];
    });
    return `${curve.name}: ${told.length === 0 ? 'seen for less than that' : told.join(', ')}`;
  });
  return `${survivalHeadline(picture)}. Percent still there by month. ${lines.join('; ')}.`;
}
