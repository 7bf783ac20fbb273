/** The season's window in years; the trend's follows from it, as in Cleveland and others (1990). */
const SEASON_WINDOW = 11;
const ROUNDS = 2;

/**
 * Trend, season and remainder by loess (Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6,
 * 1990), without robustness weights. Needs two whole periods.
 */
export function stl(
  values: Float64Array,
  period: number,
): { trend: Float64Array; season: Float64Array; remainder: Float64Array } {
  const n = values.length;
  const trendWindow = odd((1.5 * period) / (1 - 1.5 / SEASON_WINDOW));
  const season = new Float64Array(n);
  let trend: Float64Array = new Float64Array(n);
  for (let round = 0; round < ROUNDS; round += 1) {
    const cycles = cycleSmooth(
      values.map((value, at) => value - (trend[at] ?? 0)),
      period,
    );
    const low = loess(average(average(average(cycles, period), period), 3), odd(period), 1);
    for (let at = 0; at < n; at += 1) season[at] = (cycles[at + period] ?? 0) - (low[at] ?? 0);
    trend = loess(
      values.map((value, at) => value - (season[at] ?? 0)),
      trendWindow,
      1,
    );
  }
  const remainder = values.map((value, at) => value - (trend[at] ?? 0) - (season[at] ?? 0));
  return { trend, season, remainder };
}

/** 1 less the share of the detrended series that is remainder; 0 where there is no season at all. */
export function seasonalStrength(values: Float64Array, period: number): number {
  const { season, remainder } = stl(values, period);
  const whole = spreadOf(remainder.map((rest, at) => rest + (season[at] ?? 0)));
  return whole <= 0 ? 0 : Math.max(0, Math.min(1, 1 - spreadOf(remainder) / whole));
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function odd(width: number): number {
  const whole = Math.ceil(width);
  return whole % 2 === 0 ? whole + 1 : whole;
}

/** Each place of the period smoothed over the years and carried one year on at both ends: n + 2 periods. */
function cycleSmooth(values: Float64Array, period: number): Float64Array {
  const result = new Float64Array(values.length + 2 * period);
  for (let place = 0; place < period; place += 1) {
    const count = Math.ceil((values.length - place) / period);
    const cycle = new Float64Array(count).map((_zero, year) => values[place + year * period] ?? 0);
    for (let year = -1; year <= count; year += 1) {
      const at = place + (year + 1) * period;
      if (at < result.length) result[at] = loessAt(cycle, year, SEASON_WINDOW, 0);
    }
  }
  return result;
}

function average(values: Float64Array, width: number): Float64Array {
  const result = new Float64Array(values.length - width + 1);
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    sum += values[at] ?? 0;
    if (at >= width) sum -= values[at - width] ?? 0;
    if (at >= width - 1) result[at - width + 1] = sum / width;
  }
  return result;
}

function loess(values: Float64Array, width: number, degree: 0 | 1): Float64Array {
  return values.map((_value, at) => loessAt(values, at, width, degree));
}

/** The local fit at one place, within the series or beside it, over the nearest `width` values. */
function loessAt(values: Float64Array, at: number, width: number, degree: 0 | 1): number {
  const n = values.length;
  const span = Math.min(width, n);
  const left = Math.max(0, Math.min(n - span, Math.round(at) - Math.floor(span / 2)));
  const right = left + span - 1;
  const reach = Math.max(at - left, right - at) + (width > n ? (width - n) / 2 : 0);
  let [weights, places, sum] = [0, 0, 0];
  for (let index = left; index <= right; index += 1) {
    const weight = tricube(Math.abs(index - at) / reach);
    weights += weight;
    places += weight * index;
    sum += weight * (values[index] ?? 0);
  }
  if (weights <= 0) return values[Math.max(0, Math.min(n - 1, at))] ?? 0;
  const centre = places / weights;
  if (degree === 0) return sum / weights;
  let [spread, slope] = [0, 0];
  for (let index = left; index <= right; index += 1) {
    const weight = tricube(Math.abs(index - at) / reach) / weights;
    spread += weight * (index - centre) ** 2;
    slope += weight * (index - centre) * (values[index] ?? 0);
  }
  const level = sum / weights;
  return Math.sqrt(spread) > 0.001 * (n - 1) ? level + (slope / spread) * (at - centre) : level;
}

function tricube(distance: number): number {
  if (distance > 0.999) return 0;
  return distance <= 0.001 ? 1 : (1 - distance ** 3) ** 3;
}
