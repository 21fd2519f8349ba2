alter table instances add column version integer not null default 0;

update instances set version = json_extract(record, '$.version');

create index instances_by_version on instances (pipeline_id, version);

create index ended_instances on instances (pipeline_id, ended_at, id) where ended_at is not null;

create index outbox_by_instance on outbox (pipeline_id, instance_id);

create index notifications_by_instance on notifications (pipeline_id, instance_id);
