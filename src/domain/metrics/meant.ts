import { METRIC_NAMES } from './index.ts';
import { matchMetric } from './match.ts';

/** The name of the metric that a name or words clearly mean; the text itself where none is clear. */
export function metricMeant(text: string): string {
  const clear = matchMetric(text).filter((match) => match.score >= 0.7);
  const only =
    clear.length === 1 || (clear[0] && clear[0].score > (clear[1]?.score ?? 0)) ? clear[0] : undefined;
  return METRIC_NAMES.includes(text.trim().toLowerCase()) ? text : (only?.metric ?? text);
}
