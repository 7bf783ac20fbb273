/** The version of Stripe's API this stand-in speaks, whatever a request asks for. */
export const API_VERSION = '2026-10-28.endive';
