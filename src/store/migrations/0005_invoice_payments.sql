-- Which invoice a payment intent pays. Stripe's charges name only the payment intent, and charge and link may
-- arrive in either order.
CREATE TABLE invoice_payments (
  payment_intent_id TEXT PRIMARY KEY,
  invoice_id TEXT NOT NULL
);
CREATE INDEX payments_intent ON payments (payment_intent_id);
CREATE INDEX payments_invoice ON payments (invoice_id);
CREATE INDEX refunds_payment ON refunds (payment_id);

-- So that a change of the customers shows without reading them all.
CREATE INDEX customers_updated ON customers (updated_at);
CREATE INDEX webhook_events_open ON webhook_events (processed_at);
