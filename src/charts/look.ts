/** Colours of a picture. The series colours are Okabe and Ito's, told apart by every kind of colour vision. */
export interface Look {
  background: string;
  ink: string;
  quiet: string;
  grid: string;
  series: readonly string[];
  others: string;
  /** Little to much, in cells; `onHot` is the ink from `heatTurn` of the way on. */
  heat: readonly [string, string, string];
  heatTurn: number;
  onHot: string;
}

export const LOOKS: Readonly<Record<'light' | 'dark', Look>> = {
  light: {
    background: '#ffffff',
    ink: '#1d1c1d',
    quiet: '#616061',
    grid: '#e8e8e8',
    series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#3d94c6', '#5b4b8a'],
    others: '#b4b4b4',
    heat: ['#f3f8fc', '#8cc0e0', '#00639b'],
    heatTurn: 0.7,
    onHot: '#ffffff',
  },
  dark: {
    background: '#1a1d21',
    ink: '#f2f2f2',
    quiet: '#ababad',
    grid: '#34373b',
    series: ['#56b4e9', '#e69f00', '#2cc59a', '#e29ac4', '#f0e442', '#7fb2ff', '#b7a5ea'],
    others: '#6b6e73',
    heat: ['#20262d', '#2f6690', '#8fd0ff'],
    heatTurn: 0.72,
    onHot: '#10151a',
  },
};

export const FONT = 'Inter';

/** Width of text in Inter, well enough to leave room for it. */
export function textWidth(text: string, sizePx: number): number {
  let ems = 0;
  for (const char of text)
    ems += /[ilj.,:;'|!]/.test(char)
      ? 0.29
      : /[mwMW%@]/.test(char)
        ? 0.88
        : /[A-Z]/.test(char)
          ? 0.68
          : 0.585;
  return Math.ceil(ems * sizePx);
}
