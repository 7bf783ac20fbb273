import type { ReceiverEvent } from '@slack/bolt';

/** What takes a delivery from Slack: resolves when its work is done; `ack` answers Slack, at most once. */
export type TakeDelivery = (delivery: ReceiverEvent) => Promise<void>;

/** A way deliveries come from Slack. It neither remembers nor dedupes: that is the receiver's. */
export interface SlackTransport {
  /** Begins to hand deliveries over; resolves once it can. */
  start(take: TakeDelivery): Promise<void>;
  /** Takes no more deliveries. */
  stop(): Promise<void>;
}
