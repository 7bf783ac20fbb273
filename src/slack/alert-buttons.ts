import type { AlertDesk, AlertRecord } from '../domain/alerts/alert.ts';
import type { AlertCard } from '../store/alert-cards.ts';

/** What the buttons of an alert need beside Slack's own. */
export interface AlertButtons {
  desk: AlertDesk;
  card(id: string): AlertCard | null;
  get(alertId: string): AlertRecord | null;
}
