import type { Outlook } from './accuracy.ts';
import { bestArima } from './arima.ts';
import { type ArimaFit, fitArima } from './arima-fit.ts';
import { arimaName } from './arima-order.ts';
import { arimaOutlook, type KnownRegressors } from './arima-outlook.ts';
import { bestEts, etsName } from './ets.ts';
import { type EtsFit, fitEts } from './ets-fit.ts';
import { etsOutlook } from './ets-outlook.ts';
import { fitTheta, type ThetaFit, thetaOutlook } from './theta.ts';

/** A fitted model among those that are combined. */
export interface Member {
  name: string;
  outlook(horizon: number): Outlook;
  /** The same form fitted again to the beginning of the series, for errors that were really made; null if too short. */
  refitted(length: number): Member | null;
}

/** ETS, ARIMA and Theta where the series is long enough for each; the three whose mean is R's strongest here. */
export function fitMembers(values: Float64Array, period: number, regressors?: KnownRegressors): Member[] {
  const members: Member[] = [];
  const ets = bestEts(values, period);
  if (ets) members.push(etsMember(ets, values, period));
  const arima = bestArima(values, period, regressors?.past);
  if (arima) members.push(arimaMember(arima, values, regressors));
  members.push(thetaMember(fitTheta(values, period), values, period));
  return members;
}

function etsMember(fit: EtsFit, values: Float64Array, period: number): Member {
  return {
    name: etsName(fit.form),
    outlook: (horizon) => etsOutlook(fit, values, horizon),
    refitted: (length) => {
      const part = values.slice(0, length);
      const again = length >= 2 * period ? fitEts(part, period, fit.form) : null;
      return again && etsMember(again, part, period);
    },
  };
}

function arimaMember(fit: ArimaFit, values: Float64Array, regressors?: KnownRegressors): Member {
  return {
    name: arimaName(fit.order),
    outlook: (horizon) => arimaOutlook(fit, values, horizon, regressors),
    refitted: (length) => {
      const part = values.slice(0, length);
      const known = regressors && {
        past: regressors.past.map((column) => column.slice(0, length)),
        future: regressors.past.map((column) => column.slice(length)),
      };
      const effort = { iterations: 15, rough: true, start: fit.weights };
      const again = fitArima(part, fit.order, known?.past, effort);
      return again && arimaMember(again, part, known);
    },
  };
}

function thetaMember(fit: ThetaFit, values: Float64Array, period: number): Member {
  return {
    name: 'Theta',
    outlook: (horizon) => thetaOutlook(fit, values, horizon),
    refitted: (length) => {
      const part = values.slice(0, length);
      return length < 3 ? null : thetaMember(fitTheta(part, period), part, period);
    },
  };
}

/** The equal-weight mean of forecasts, and of their deviations: the bounds of the mean are the means of the bounds. */
export function combined(outlooks: readonly Outlook[]): Outlook {
  const horizon = outlooks[0]?.mean.length ?? 0;
  const over = (of: (outlook: Outlook) => Float64Array) =>
    new Float64Array(horizon).map(
      (_zero, step) => outlooks.reduce((sum, outlook) => sum + (of(outlook)[step] ?? 0), 0) / outlooks.length,
    );
  return { mean: over(({ mean }) => mean), deviation: over(({ deviation }) => deviation) };
}
