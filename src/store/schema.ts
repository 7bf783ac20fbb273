import type { SyncRow } from '../domain/sync.ts';

/** The tables as Kysely sees them, column for column as in migrations/; those read from sources are in `SyncRow`. */
export interface Schema extends SyncRow {
  sync_cursors: {
    source: string;
    resource: string;
    cursor: string | null;
    synced_at: number | null;
    data_through_at: number | null;
    row_count: number;
    error: string | null;
    error_at: number | null;
  };
  webhook_events: {
    source: string;
    event_id: string;
    type: string;
    event_at: number;
    received_at: number;
    processed_at: number | null;
    error: string | null;
    payload: string;
  };
  source_sweeps: {
    id: string;
    source: string;
    started_at: number;
    ended_at: number;
    from_at: number;
    tables: string;
    error: string | null;
  };
  quality_results: {
    source: string;
    check_name: string;
    state: string;
    words: string;
    checked_at: number;
    since_at: number;
  };
  schema_drift: {
    source: string;
    resource: string;
    field: string;
    expected: string;
    got: string;
    row_count: number;
    first_at: number;
    last_at: number;
    resolved_at: number | null;
  };
  source_fields: {
    source: string;
    resource: string;
    field: string;
    first_at: number;
    is_new: number;
  };
  approvals: {
    id: string;
    tool: string;
    arguments: string;
    plan: string;
    plan_hash: string;
    subject_key: string;
    state: string;
    requester: string;
    requirement: string;
    decisions: string;
    policy_version: string;
    nonce: string;
    team_id: string;
    channel_id: string;
    thread_ts: string;
    superseded_by: string | null;
    result: string | null;
    reason: string | null;
    effect_key: string | null;
    applying_until: number | null;
    created_at: number;
    expires_at: number;
    decided_at: number | null;
    settled_at: number | null;
    revision: number;
    batch_id: string | null;
    batch_row: number | null;
    paused_at: number | null;
  };
  batches: {
    id: string;
    batch_key: string;
    title: string;
    intro: string;
    tool: string;
    inputs: string;
    requester: string;
    team_id: string;
    channel_id: string;
    thread_ts: string;
    refused: string;
    created_at: number;
    proposed_at: number | null;
  };
  batch_cards: {
    batch_id: string;
    channel_id: string;
    message_ts: string;
    kind: string;
    page: number;
    rendered_revision: number;
  };
  approval_nudges: {
    subject: string;
    kind: string;
    user_id: string;
    at: number;
  };
  home_readers: {
    team_id: string;
    user_id: string;
  };
  approval_cards: {
    approval_id: string;
    channel_id: string;
    message_ts: string;
    kind: string;
    rendered_revision: number;
  };
  effects: {
    key: string;
    approval_id: string;
    kind: string;
    system: string;
    request: string;
    state: string;
    outside_id: string | null;
    result: string | null;
    amount_minor: number | null;
    currency: string | null;
    created_at: number;
    sent_at: number | null;
    confirmed_at: number | null;
  };
  audit: {
    seq: number;
    at: number;
    actor: string;
    action: string;
    subject: string;
    details: string;
    previous_hash: string;
    hash: string;
  };
  inbox: {
    event_key: string;
    kind: string;
    payload: string;
    received_at: number;
    attempts: number;
    done_at: number | null;
  };
  transcript: {
    id: string;
    team_id: string;
    channel_id: string;
    thread_ts: string;
    turn_id: string;
    role: string;
    user_id: string | null;
    content: string;
    at: number;
  };
  receipts: {
    id: string;
    tool: string;
    input: string;
    receipt: string;
    readers: string;
    created_at: number;
  };
  slack_users: {
    team_id: string;
    user_id: string;
    name: string;
    email: string | null;
    tz: string;
    is_guest: number;
    is_stranger: number;
    is_bot: number;
    groups: string;
    fetched_at: number;
  };
  installations: {
    team_id: string;
    enterprise_id: string | null;
    team_name: string;
    bot_user_id: string;
    bot_id: string;
    scopes: string;
    bot_token: string;
    refresh_token: string | null;
    expires_at: number | null;
    refreshing_at: number | null;
    problem: string | null;
    installed_by: string;
    installed_at: number;
  };
  deliveries: {
    delivery_key: string;
    channel_id: string;
    message_ts: string | null;
    state: string;
    at: number;
  };
  feedback: {
    id: string;
    team_id: string;
    channel_id: string;
    message_ts: string;
    user_id: string;
    rating: string;
    at: number;
    turn_id: string | null;
    role: string | null;
    reason: string | null;
    comment: string | null;
    question: string | null;
    calls: string | null;
    mode: string | null;
  };
  turn_outcomes: {
    turn_id: string;
    at: number;
    outcome: string;
    unhelpful: number;
  };
  answers: {
    turn_id: string;
    team_id: string;
    channel_id: string;
    thread_ts: string;
    user_id: string;
    mode: string;
    receipts: string;
    answer: string | null;
    at: number;
  };
  skill_runs: {
    id: string;
    run_key: string;
    skill: string;
    input: string;
    starter: string;
    place: string;
    state: string;
    step: string | null;
    summary: string | null;
    reference_id: string | null;
    waits: string | null;
    wait_until: number | null;
    look_at: number | null;
    stopped_by: string | null;
    tells: number;
    told_at: number | null;
    owner: string | null;
    leased_until: number | null;
    fence: number;
    started_at: number;
    ended_at: number | null;
  };
  person_settings: {
    team_id: string;
    user_id: string;
    briefing: string;
    delegate_id: string | null;
    away_until_at: number | null;
    briefing_since_at: number;
    changed_at: number;
  };
  briefing_readers: {
    team_id: string;
    user_id: string;
    since_at: number;
  };
  briefings: {
    key: string;
    team_id: string;
    user_id: string;
    kind: string;
    day: string;
    tz: string;
    due_at: number;
    claimed_at: number;
    late: number;
    channels: string;
    content: string | null;
    as_of_at: number | null;
    slack_state: string;
    slack_channel: string | null;
    slack_ts: string | null;
    email_state: string;
    email_message_id: string | null;
    home_state: string;
    note: string | null;
  };
  schedule_runs: {
    schedule: string;
    subject: string;
    due_at: number;
    state: string;
    attempt: number;
    failures: number;
    holder: string | null;
    lease_until: number | null;
    fence: number;
    next_attempt_at: number | null;
    started_at: number | null;
    finished_at: number | null;
    summary: string | null;
    error: string | null;
    reference_id: string | null;
    told_at: number | null;
  };
  schedule_subjects: {
    schedule: string;
    subject: string;
    first_seen_at: number;
  };
  alerts: {
    id: string;
    kind: string;
    subject_kind: string;
    subject_id: string;
    subject_name: string;
    state: string;
    title: string;
    detail: string;
    facts: string;
    amount_minor: number | null;
    currency: string | null;
    count: number;
    owner_id: string | null;
    owner_name: string | null;
    snoozed_until_at: number | null;
    opened_at: number;
    last_seen_at: number;
    resolved_at: number | null;
    resolution: string | null;
    revision: number;
  };
  alert_cards: {
    id: string;
    kind: string;
    target: string;
    team_id: string;
    channel_id: string;
    message_ts: string | null;
    rendered: string | null;
    settled: number;
    opened_at: number;
    joined_at: number;
  };
  alert_card_alerts: {
    card_id: string;
    alert_id: string;
    target: string;
  };
}
