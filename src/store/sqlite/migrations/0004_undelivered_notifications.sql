alter table outbox add column failures integer not null default 0;

alter table notifications add column error text;

create index undelivered_notifications on notifications (pipeline_id, instance_id, sequence) where error is not null;
