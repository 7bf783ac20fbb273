import { fitAft } from '../../domain/survival/fit-aft.ts';
import {
  type BandScale,
  curveAt,
  kaplanMeier,
  quantileOf,
  restrictedMean,
  type SurvivalCurve,
} from '../../domain/survival/kaplan-meier.ts';
import { logRank } from '../../domain/survival/log-rank.ts';
import { LOG_TIME_DISTRIBUTIONS, type LogTimeName } from '../../domain/survival/log-time-distributions.ts';
import { byStratum } from '../../domain/survival/spells.ts';
import type { AftCase, CurveCase, LogRankCase } from './file.ts';
import type { Frame } from './frame.ts';
import type { Comparison } from './judge.ts';

type Refused = { unsupported: string } | undefined;

const BANDS: ReadonlyMap<string, BandScale> = new Map([
  ['plain', 'plain'],
  ['log', 'log'],
  ['log-log', 'log-log'],
]);

export function runCurveCase(golden: CurveCase, frame: Frame, comparison: Comparison): Refused {
  const band = BANDS.get(golden.conf_type);
  if (!band) return { unsupported: `the band "${golden.conf_type}" is not one this product has` };
  const curves = curvesOf(frame, { band, confidence: golden.conf_int });
  const names = Array.isArray(golden.strata) ? golden.strata : golden.time.map(() => '');
  const points = golden.time.map((time, at) => {
    const curve = curves.get(names[at] ?? '');
    return curve ? curveAt(curve, time) : null;
  });
  if (points.includes(null)) return { unsupported: 'it names a stratum the data do not have' };
  const column = (of: 'atRisk' | 'survival' | 'stdErr' | 'low' | 'high') =>
    points.map((point) => point?.[of] ?? null);
  comparison.list('n_risk', column('atRisk'), golden.n_risk);
  comparison.list('surv', column('survival'), golden.surv);
  comparison.list('std_err', column('stdErr'), golden.std_err);
  comparison.list('lower', column('low'), golden.lower);
  comparison.list('upper', column('high'), golden.upper);
  comparison.list(
    'median',
    [...curves.values()].map((curve) => quantileOf(curve)),
    golden.median,
  );
  // R's common limit: the longest time of any curve.
  const until = Math.max(...frame.spells.map(({ stop }) => stop));
  comparison.list(
    'rmean',
    [...curves.values()].map((curve) => restrictedMean(curve, until).mean),
    golden.rmean,
  );
  return undefined;
}

/** One curve a combination of values, named as R names it: "sex=1, ph.ecog=0". */
function curvesOf(
  { formula, spells, labels }: Frame,
  options: { band: BandScale; confidence: number },
): Map<string, SurvivalCurve> {
  const columns = [...formula.covariates, ...formula.strata];
  if (columns.length === 0) return new Map([['', kaplanMeier(spells, options)]]);
  const groups = labels(columns).map((row) =>
    row.map((value, at) => `${columns[at] ?? ''}=${value}`).join(', '),
  );
  return new Map(
    byStratum(spells.length, groups).map(([name, rows]) => [
      name,
      kaplanMeier(
        rows.flatMap((row) => spells[row] ?? []),
        options,
      ),
    ]),
  );
}

export function runLogRankCase(golden: LogRankCase, frame: Frame, comparison: Comparison): Refused {
  const { formula, spells, labels } = frame;
  if (formula.covariates.length === 0) return { unsupported: 'it names no groups to compare' };
  const joined = (columns: readonly string[]) => labels(columns).map((row) => row.join(', '));
  const strata = formula.strata.length === 0 ? null : joined(formula.strata);
  const test = logRank(spells, joined(formula.covariates), strata);
  comparison.number('chisq', test.chiSquare, golden.chisq);
  comparison.number('df', test.degreesOfFreedom, golden.df);
  comparison.number('p', test.p, golden.p);
  return undefined;
}

export function runAftCase(golden: AftCase, frame: Frame, comparison: Comparison): Refused {
  const { formula, spells, covariates } = frame;
  if (!isKnown(golden.dist))
    return { unsupported: `the distribution "${golden.dist}" is not one this product has` };
  if (!covariates) return { unsupported: 'a covariate is not a number' };
  if (formula.strata.length > 0)
    return { unsupported: 'a scale for each stratum is not something this product fits' };
  const fit = fitAft(spells, covariates, formula.covariates, golden.dist);
  comparison.number('n', fit.rows, golden.n);
  const column = (of: 'coefficient' | 'stdErr') =>
    new Map(fit.coefficients.map((one) => [one.name, one[of]]));
  comparison.names('coef', column('coefficient'), golden.coef);
  comparison.names('se', column('stdErr'), golden.se);
  comparison.number('scale', fit.scale, golden.scale);
  comparison.number('loglik', fit.logLikelihood, golden.loglik);
  return undefined;
}

function isKnown(name: string): name is LogTimeName {
  return Object.hasOwn(LOG_TIME_DISTRIBUTIONS, name);
}
