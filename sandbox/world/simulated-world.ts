import type { DutyKind } from './queue.ts';
import type { World } from './records.ts';

/** How a customer made for a story behaves; ordinary customers follow chance. */
export interface Temper {
  /** Never cancels, changes plan, asks for money back or is declined by chance. */
  steady: boolean;
  /** How its usage goes: as any other's, falling for weeks, rising for weeks, or none at all. */
  usage: 'ordinary' | 'sliding' | 'surging' | 'silent';
  /** What its trial comes to. */
  converts: boolean | null;
  /** Invoices are sent with a due date and paid by bank transfer; `never` is a customer that does not pay them. */
  transfer: 'punctual' | 'late' | 'never' | null;
}

/** A change of usage that the records do not tell: calls made on top, or a share of the calls gone for some days. */
export type UsageAdjustment =
  | { kind: 'extra'; customerId: string; at: number; calls: number }
  | { kind: 'drop'; customerId: string; fromDay: number; toDay: number; percent: number };

/** The world as the simulation itself sees it: what will happen, besides what is. */
export interface SimulatedWorld extends World {
  /** Runs with the time standing still, so that all that belongs together bears one instant. */
  atOnce<T>(run: () => T): T;
  schedule(at: number, kind: DutyKind, subject: string): void;
  setTemper(customerId: string, temper: Temper): void;
  temperOf(customerId: string): Temper | undefined;
  adjustUsage(adjustment: UsageAdjustment): void;
  /** How often the competitor's page has changed. */
  competitorPageVersion(): number;
  changeCompetitorPage(): number;
}
