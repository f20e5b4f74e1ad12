// What the CLI reads in the answers of the shop; docs/http.md says what is there.

export interface Repair {
  at: string;
  who: string;
  why: string;
  action: string;
}

export interface Failed {
  at: string;
  error: string;
}

export interface Group {
  consumer: string;
  error_key: string;
  error: string;
  streams: number;
  events: number;
  first_failed_at: string;
  last_failed_at: string;
  wait_for_a_person: number;
}

export interface Stream {
  consumer: string;
  source: string;
  stream: string;
  error: string;
  waiting: number;
  attempts: number;
  parked_at: string;
  failed_at: string;
  next_attempt_at: string | null;
}

export interface ParkedEvent {
  position: number;
  revision: number;
  id: string;
  type: string;
  version: number;
  recorded_at: string;
  payload: string;
  attempts: Failed[];
}

export interface StreamDetail extends Stream {
  events: ParkedEvent[];
  repairs: (Repair & { position: number | null })[];
}

export interface Consumer {
  consumer: string;
  state: 'running' | 'paused' | 'stopped';
  error?: string;
  heartbeat_at: string;
  position: number;
  head: number;
  lag_seconds: number;
  parked_streams: number;
  parked_events: number;
}

export interface Instance {
  instance: string;
  consumer: string;
  purpose: 'rebuild' | 'replay';
  state: 'running' | 'active' | 'replaced' | 'discarded' | 'done';
  from_position: number;
  to_position: number | null;
  types: string[] | null;
  created_at: string;
  ended_at: string | null;
}

export interface Rehearsal {
  consumer: string;
  from: number;
  to: number;
  types: string[];
  events: number;
  unreadable: number;
  effects: number;
  would_make: { position: number; type: string; stream: string; effect: unknown }[];
  token: string;
}

export interface AuditEntry extends Repair {
  id: number;
  subject: string;
  position: number | null;
  consumer: string | null;
  detail: unknown;
}

export interface Step {
  consumer: string;
  state: 'handled' | 'skipped' | 'parked' | 'waiting';
  committed_at?: string;
  latency_ms?: number;
  attempts: Failed[];
  repairs: Repair[];
}

export interface EventWithWay {
  position: number;
  id: string;
  type: string;
  stream: string;
  version: number;
  recorded_at: string;
  data: unknown;
  source: string;
  way: Step[];
}

export interface Email {
  id: number;
  template: string;
  recipient: string;
  subject: string;
  state: string;
  failures: number;
  error: string | null;
  event_id: string;
  message_id: string;
  resend_of: number | null;
  created_at: string;
  sent_at: string | null;
}

export interface EmailStory extends Email {
  correlation_id: string | null;
  line_due_at: string | null;
  attempts: { ended_at: string; reached: string; outcome: string; error: string | null }[];
  repairs: { at: string; who: string; why: string; action: string }[];
}

export interface DoubtGroup {
  state: string;
  error: string | null;
  count: number;
  first_id: number;
  last_id: number;
}
