import { overdueByCurrency } from './overdue.ts';

const DAY_MS = 86_400_000;

/** Payment requests for everything overdue of a customer, by currency, as Lago's dunning campaigns send them. */
export interface Campaign {
  /** Requests a currency at most. */
  maxAttempts: number;
  /** More than these days lie between two requests to a customer. */
  daysBetween: number;
  /** The least that must be overdue in a currency, minor units; a currency without one is left alone. */
  thresholdsMinor: Readonly<Record<string, number>>;
}

export interface CampaignState {
  /** Requests made, by currency. */
  attempts: Readonly<Record<string, number>>;
  lastAttemptAt: number | null;
}

export interface CampaignRun {
  /** Currencies a request is made for now. */
  requested: string[];
  state: CampaignState;
  /** This run made the last request there is to make. */
  finished: boolean;
}

/**
 * One run. A currency takes part from its threshold on. The gap is strict and counts per customer, so that one never
 * hears of two currencies in quick succession (Lago: `now > last attempt + days`).
 */
export function runCampaign(
  campaign: Campaign,
  state: CampaignState,
  overdue: readonly { currency: string; minor: number }[],
  at: number,
): CampaignRun {
  const nothing = { requested: [], state, finished: false };
  if (state.lastAttemptAt !== null && at <= state.lastAttemptAt + campaign.daysBetween * DAY_MS)
    return nothing;
  const requested = [...overdueByCurrency(overdue)]
    .filter(([currency, minor]) => {
      const threshold = campaign.thresholdsMinor[currency];
      return threshold !== undefined && minor >= BigInt(threshold);
    })
    .map(([currency]) => currency)
    .filter((currency) => (state.attempts[currency] ?? 0) < campaign.maxAttempts);
  if (requested.length === 0) return nothing;
  const attempts = { ...state.attempts };
  for (const currency of requested) attempts[currency] = (attempts[currency] ?? 0) + 1;
  return {
    requested,
    state: { attempts, lastAttemptAt: at },
    finished: Object.values(attempts).every((count) => count >= campaign.maxAttempts),
  };
}
