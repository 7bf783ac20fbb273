/** ARIMA(p,d,q)(P,D,Q) of a period, with or without a constant (a mean, or a drift once differenced). */
export interface ArimaOrder {
  p: number;
  d: number;
  q: number;
  seasonalP: number;
  seasonalD: number;
  seasonalQ: number;
  period: number;
  constant: boolean;
}

/** As in "ARIMA(2,1,1)(0,1,1)[12] with drift". */
export function arimaName(order: ArimaOrder): string {
  const { p, d, q, seasonalP, seasonalD, seasonalQ, period } = order;
  const seasonal = period > 1 ? `(${seasonalP},${seasonalD},${seasonalQ})[${period}]` : '';
  const constant = order.constant ? (d + seasonalD > 0 ? ' with drift' : ' with mean') : '';
  return `ARIMA(${p},${d},${q})${seasonal}${constant}`;
}

export function countOfWeights({ p, q, seasonalP, seasonalQ }: ArimaOrder): number {
  return p + q + seasonalP + seasonalQ;
}

/** Coefficients of the polynomials that an order and its weights multiply out to. */
export interface Polynomials {
  /** phi of y(t) = phi1 y(t-1) + ..., the first entry at lag 1. */
  ar: Float64Array;
  /** theta of e(t) + theta1 e(t-1) + ..., the first entry at lag 1. */
  ma: Float64Array;
  /** Whether all roots keep a distance of 1% from the unit circle. */
  sound: boolean;
}

/** How far from the unit circle roots stay, as in Hyndman and Khandakar (Journal of Statistical Software 27, 2008). */
const MARGIN = 1.01;

/**
 * Multiplies out the polynomials of an order. The weights are searched without bounds: their hyperbolic tangents are
 * partial autocorrelations, so that every one is stationary and invertible (Monahan, Biometrika 71, 1984). Memory is
 * taken once.
 */
export class OrderPolynomials implements Polynomials {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  sound = true;
  private readonly order: ArimaOrder;
  private readonly parts: Float64Array[];
  private readonly scratch = new Float64Array(16);

  constructor(order: ArimaOrder) {
    const { p, q, seasonalP, seasonalQ, period } = order;
    this.order = order;
    this.ar = new Float64Array(p + period * seasonalP);
    this.ma = new Float64Array(q + period * seasonalQ);
    this.parts = [p, q, seasonalP, seasonalQ].map((size) => new Float64Array(size));
  }

  set(weights: Float64Array): void {
    let next = 0;
    this.sound = true;
    for (const [which, part] of this.parts.entries()) {
      for (let place = 0; place < part.length; place += 1)
        part[place] = Math.tanh(weights[next + place] ?? 0);
      next += part.length;
      fromPartials(part, this.scratch);
      const seasonal = which >= 2;
      if (!this.keepsDistance(part, seasonal ? MARGIN ** this.order.period : MARGIN)) this.sound = false;
    }
    const [ar, ma, seasonalAr, seasonalMa] = this.parts;
    if (!ar || !ma || !seasonalAr || !seasonalMa) return;
    multiplyOut(ar, seasonalAr, this.order.period, this.ar, -1);
    for (let place = 0; place < ma.length; place += 1) ma[place] = -(ma[place] ?? 0);
    for (let place = 0; place < seasonalMa.length; place += 1) seasonalMa[place] = -(seasonalMa[place] ?? 0);
    multiplyOut(ma, seasonalMa, this.order.period, this.ma, 1);
  }

  /** All roots lie beyond `margin` if the coefficients, grown by its powers, still are those of a stationary series. */
  private keepsDistance(part: Float64Array, margin: number): boolean {
    const grown = this.scratch;
    for (let place = 0; place < part.length; place += 1)
      grown[place] = (part[place] ?? 0) * margin ** (place + 1);
    for (let size = part.length; size > 0; size -= 1) {
      const last = grown[size - 1] ?? 0;
      if (Math.abs(last) >= 1) return false;
      const divisor = 1 - last * last;
      for (let low = 0, high = size - 2; low <= high; low += 1, high -= 1) {
        const [a, b] = [grown[low] ?? 0, grown[high] ?? 0];
        grown[low] = (a + last * b) / divisor;
        grown[high] = (b + last * a) / divisor;
      }
    }
    return true;
  }
}

/** Partial autocorrelations to coefficients, in place (Durbin and Levinson). */
function fromPartials(part: Float64Array, scratch: Float64Array): void {
  for (let size = 1; size < part.length; size += 1) {
    const last = part[size] ?? 0;
    for (let place = 0; place < size; place += 1) scratch[place] = part[place] ?? 0;
    for (let place = 0; place < size; place += 1) {
      part[place] = (scratch[place] ?? 0) - last * (scratch[size - 1 - place] ?? 0);
    }
  }
}

/** `sign` is that of the product of two coefficients: -1 for AR, whose polynomial is 1 - ar(B), +1 for MA. */
function multiplyOut(
  part: Float64Array,
  seasonal: Float64Array,
  period: number,
  into: Float64Array,
  sign: number,
): void {
  into.fill(0);
  for (let place = 0; place < part.length; place += 1) into[place] = part[place] ?? 0;
  for (let turn = 0; turn < seasonal.length; turn += 1) {
    const factor = seasonal[turn] ?? 0;
    const start = (turn + 1) * period;
    into[start - 1] = (into[start - 1] ?? 0) + factor;
    for (let place = 0; place < part.length; place += 1) {
      into[start + place] = (into[start + place] ?? 0) + sign * factor * (part[place] ?? 0);
    }
  }
}
