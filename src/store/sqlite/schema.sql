create table migrations (number integer primary key, name text not null) strict;

create table pipelines (
  id text not null primary key,
  name text not null,
  unique_id text not null,
  description text,
  user_id text not null,
  account_id text not null,
  tags text not null,
  state text not null,
  created_at integer not null,
  latest_version integer not null,
  active_version integer,
  first_activated_at integer,
  last_activated_at integer,
  last_deactivated_at integer,
  deletion_requested_at integer,
  finished_at integer,
  start_at integer,
  latest_on_demand_at integer,
  open_instances integer not null,
  health text,
  health_updated_at integer,
  latest_run_at integer,
  next_run_at integer
) strict;

create unique index pipelines_by_unique_id on pipelines (account_id, user_id, name, unique_id)
where state not in ('DELETING', 'DELETED');

create table definitions (
  pipeline_id text not null,
  version integer not null,
  definition text not null,
  is_valid integer not null,
  primary key (pipeline_id, version)
) strict;

create table components (
  pipeline_id text not null,
  id text not null,
  is_paused integer not null,
  next_index integer not null,
  active_instances integer not null,
  health text,
  health_instance_id text,
  health_updated_at integer,
  latest_run_at integer,
  latest_completed_run_at integer,
  primary key (pipeline_id, id)
) strict, without rowid;

create table instances (
  pipeline_id text not null,
  id text not null,
  name text not null,
  component_id text not null,
  kind text not null,
  status text not null,
  is_open integer not null,
  canceled_by text,
  scheduled_start integer not null,
  scheduled_end integer not null,
  started_at integer not null,
  ended_at integer,
  record text not null, version integer not null default 0,
  primary key (pipeline_id, id)
) strict;

create index instances_by_start on instances (pipeline_id, started_at, id);

create index open_instances on instances (pipeline_id, component_id, scheduled_start, id) where is_open = 1;

create index open_resources on instances (pipeline_id, id) where is_open = 1 and kind = 'resource';

create index deactivated_instances on instances (pipeline_id, id) where canceled_by = 'deactivation';

create table dependencies (
  sequence integer primary key,
  pipeline_id text not null,
  dependent_id text not null,
  target_id text not null,
  kind text not null,
  state text not null
) strict;

create unique index dependencies_by_dependent on dependencies (pipeline_id, dependent_id, target_id, kind);

create index dependencies_by_target on dependencies (pipeline_id, target_id, dependent_id);

create table attempts (
  pipeline_id text not null,
  instance_id text not null,
  number integer not null,
  component_id text not null,
  scheduled_start integer not null,
  scheduled_end integer not null,
  worker_group text,
  queued_at integer not null,
  status text not null,
  started_at integer,
  ended_at integer,
  record text not null,
  fields text not null,
  primary key (pipeline_id, instance_id, number)
) strict;

create table timers (
  pipeline_id text not null,
  subject_id text not null,
  kind text not null,
  due_at integer not null,
  primary key (pipeline_id, subject_id, kind)
) strict, without rowid;

create index timers_by_due_at on timers (due_at, pipeline_id, subject_id, kind);

create table outbox (
  sequence integer primary key autoincrement,
  pipeline_id text not null,
  instance_id text not null,
  command text not null
, failures integer not null default 0) strict;

create table notifications (
  sequence integer primary key autoincrement,
  pipeline_id text not null,
  instance_id text not null,
  topic_arn text not null,
  subject text not null,
  message text not null,
  sent_at integer not null
, error text) strict;

create index notifications_by_pipeline on notifications (pipeline_id, sequence);

create index running_attempts on attempts (worker_group, started_at, pipeline_id, instance_id)
where status = 'RUNNING' and worker_group is not null;

create index queued_attempts on attempts (worker_group, pipeline_id, queued_at, scheduled_start, instance_id)
where status = 'WAITING_FOR_RUNNER';

create index undelivered_notifications on notifications (pipeline_id, instance_id, sequence) where error is not null;

create index instances_by_version on instances (pipeline_id, version);

create index ended_instances on instances (pipeline_id, ended_at, id) where ended_at is not null;

create index outbox_by_instance on outbox (pipeline_id, instance_id);

create index notifications_by_instance on notifications (pipeline_id, instance_id);
