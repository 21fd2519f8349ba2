-- What has been deleted is forgotten after 60 days; the engine sets this timer for what it deletes itself.
insert into timers (pipeline_id, subject_id, kind, due_at)
select id, '', 'forget', coalesce(deletion_requested_at, created_at) + 5184000000
from pipelines
where state = 'DELETED';
