import { type Feature, missing } from '../feature.ts';

/** What no connected source reports: known to be missing, so that the confidence says so. */
function unreported(name: string, title: string, what: string): Feature {
  return {
    name,
    title,
    window: 'the last 28 complete days',
    source: 'none',
    nullRule: `always missing: no connected source reports ${what}`,
    measure: () => missing(`no connected source reports ${what}`),
    scale: [
      [0, 0],
      [1, 100],
    ],
    lever: null,
  };
}

export const sessionPattern = unreported('session_pattern', 'Session pattern', 'sessions of the console');
export const docsViews = unreported('docs_views', 'Documentation views', 'views of the documentation');
export const community = unreported('community', 'Community', 'posts in the community');
