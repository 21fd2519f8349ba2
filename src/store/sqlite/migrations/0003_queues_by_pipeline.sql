drop index queued_attempts;

create index queued_attempts on attempts (worker_group, pipeline_id, queued_at, scheduled_start, instance_id)
where status = 'WAITING_FOR_RUNNER';
