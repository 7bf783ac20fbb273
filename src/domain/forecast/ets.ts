import { type EtsFit, fitEts } from './ets-fit.ts';
import type { EtsForm } from './ets-recursion.ts';

/** Whether trends by factors are tried as well. They run away easily, so only who asks for them gets them. */
export interface EtsChoice {
  multiplicativeTrend?: boolean;
}

/**
 * The model of least AICc among all admissible forms. An added error with factors in trend or season is left out for
 * its infinite variances (Hyndman and others, 2008, 15.2), as is a trend by factors with an added season. Null where
 * the series is too short for any.
 */
export function bestEts(values: Float64Array, period: number, choice: EtsChoice = {}): EtsFit | null {
  const positive = values.every((value) => value > 0);
  let best: EtsFit | null = null;
  for (const form of etsForms(period > 1 && values.length >= 2 * period, positive, choice)) {
    const fit = fitEts(values, period, form);
    if (fit && Number.isFinite(fit.aicc) && (!best || fit.aicc < best.aicc)) best = fit;
  }
  return best;
}

function etsForms(seasonal: boolean, positive: boolean, choice: EtsChoice): EtsForm[] {
  const errors: EtsForm['error'][] = positive ? ['A', 'M'] : ['A'];
  const trends: EtsForm['trend'][] = choice.multiplicativeTrend && positive ? ['N', 'A', 'M'] : ['N', 'A'];
  const seasons: EtsForm['season'][] = seasonal ? (positive ? ['N', 'A', 'M'] : ['N', 'A']) : ['N'];
  const forms: EtsForm[] = [];
  for (const error of errors) {
    for (const trend of trends) {
      for (const season of seasons) {
        if (error === 'A' && (trend === 'M' || season === 'M')) continue;
        if (trend === 'M' && season === 'A') continue;
        forms.push({ error, trend, season, damped: false });
        if (trend !== 'N') forms.push({ error, trend, season, damped: true });
      }
    }
  }
  return forms;
}

/** As in "ETS(M,Ad,M)". */
export function etsName({ error, trend, damped, season }: EtsForm): string {
  return `ETS(${error},${trend}${damped ? 'd' : ''},${season})`;
}
