/** The few shapes every room shares. Instants are epoch milliseconds UTC; JSON-safe throughout. */

/** `minor` is an integer in the currency's ISO 4217 minor unit. */
export interface Money {
  minor: number;
  currency: string;
}

/** Half-open [startAt, endAt), named as it was understood in `tz`. */
export interface Period {
  startAt: number;
  endAt: number;
  tz: string;
  /** As echoed to the person: "Oct 1 - 31, 2026". */
  label: string;
}

export interface Company {
  name: string;
  currency: string;
  tz: string;
  /** The month the fiscal year begins in, 1 to 12; January unless told. */
  fiscalYearStart?: number;
  /** Domains whose customers are the company's own accounts, besides that of its mail. */
  internalDomains?: readonly string[];
  /** The share of the time the API is promised to be up, 0 to 1; left out: 0.999. */
  sloTarget?: number;
}

export const ROLES = ['founder', 'finance', 'success', 'analyst', 'viewer', 'guest'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = [
  'metrics:read',
  'customers:read',
  'billing:read',
  'billing:write',
  'support:read',
  'customers:contact',
  'approvals:read',
  'audit:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is acting: a person in Slack, or Psi itself on a schedule or webhook. */
export interface Principal {
  kind: 'user' | 'schedule' | 'webhook';
  teamId: string;
  userId: string;
  name: string;
  email: string | null;
  roles: readonly Role[];
  tz: string;
}

/** Where a conversation stands, and whether everybody who can read there may see internal data. */
export interface Place {
  teamId: string;
  channelId: string;
  threadTs: string;
  kind: 'dm' | 'channel';
  /** False where a guest or a stranger can read along. */
  internalOnly: boolean;
}

export interface Customer {
  /** The PsiZero id, everywhere. */
  id: string;
  name: string;
  domain: string;
  email: string;
  country: string;
  region: string;
  currency: string;
  segment: string;
  channel: string;
  ownerEmail: string | null;
  stripeCustomerId: string | null;
  signedUpAt: number;
}

export const SOURCES = ['stripe', 'supabase', 'psizero'] as const;
export type SourceName = (typeof SOURCES)[number];

export interface Freshness {
  source: SourceName;
  /** Facts up to this instant are in; null when the source has never been read. */
  throughAt: number | null;
  /** Said to the person when the source is behind: "usage data ends 02:00". */
  stale: boolean;
}

/** What a number was made from. `queryId` re-runs it. */
export interface Receipt {
  queryId: string;
  /** What was measured, in words, with the version of that definition. */
  definition: {
    name: string;
    version: number;
    words: string;
    /** What one row behind it is. */
    grain?: string;
    policy?: string;
  };
  period: Period | null;
  asOfAt: number;
  rowCount: number;
  freshness: Freshness[];
  /** Sources whose records were held against each other and agree, a sentence each without a full stop. */
  reconciled?: string[];
  notes: string[];
}

/** Something to look at beside the sentence. Views decide how. */
export type Exhibit =
  | { kind: 'table'; title: string; columns: TableColumn[]; rows: string[][] }
  | {
      kind: 'chart';
      title: string;
      type: 'line' | 'bar' | 'area' | 'pie';
      categories: string[];
      /** Null is a gap: nothing was measured there. */
      series: { name: string; values: (number | null)[] }[];
      /** What was to be expected of the first series. */
      band?: { name: string; low: (number | null)[]; high: (number | null)[] } | undefined;
      /** What all of it comes to, in the same unit: what bars are shares of, what two periods are compared by. */
      whole?: { value: number; past?: number | undefined } | undefined;
      /** The last point is of a period that is not over: it is not compared with whole ones. */
      unfinished?: boolean | undefined;
      valueLabel: string;
      alt: string;
    }
  | {
      kind: 'waterfall';
      title: string;
      /**
       * From left to right: a total stands on the axis, everything else goes on from where the step before ended.
       * Values are in major units or percent, as in charts; each total is the sum of the steps before it.
       */
      steps: { label: string; value: number; total?: boolean | undefined }[];
      /** A currency code, "%", "ms", or what is counted. */
      valueLabel: string;
      alt: string;
    }
  | {
      kind: 'heatmap';
      title: string;
      columns: string[];
      /** A cell a column, in percent or major units as in charts; null where there is none. */
      rows: { label: string; cells: (number | null)[] }[];
      /** A currency code, "%", "ms", or what is counted. */
      unit: string;
      alt: string;
    }
  | {
      kind: 'survival';
      title: string;
      /** Months of age drawn. */
      months: number;
      /**
       * Percent still there, in steps: from each month of age on, until the next; 100 before the first. The band is of
       * 95%; null where none is known. `atRisk` is how many were observed at each of the `ages`.
       */
      curves: {
        name: string;
        points: { month: number; percent: number; low: number | null; high: number | null }[];
        atRisk: number[];
      }[];
      ages: number[];
      alt: string;
    }
  | { kind: 'fields'; title: string; fields: { label: string; value: string }[] };

export interface TableColumn {
  header: string;
  align: 'left' | 'right';
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
