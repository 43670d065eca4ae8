-- What happened to issues are changes like any others.
INSERT INTO changes (at, kind, subject, host, from_state, to_state, actor, via, cause, data)
SELECT e.at, 'issue', e.fingerprint, i.host, e.from_state, e.to_state, e.actor,
    CASE WHEN e.actor IN ('scan', 'panoptes') THEN 'system' ELSE 'local' END,
    e.report_id, jsonb_build_object('report_id', e.report_id, 'note', e.note)
FROM issue_events e LEFT JOIN issues i USING (fingerprint)
ORDER BY e.id;
DROP TABLE issue_events;
CREATE INDEX changes_cause ON changes (cause) WHERE kind = 'issue';
