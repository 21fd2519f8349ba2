create index running_attempts on attempts (worker_group, started_at, pipeline_id, instance_id)
where status = 'RUNNING' and worker_group is not null;
