-- scans: a watch cycle that changed nothing is replaced by the next one, so that a row a minute does not pile up
ALTER TABLE scans ADD COLUMN changed boolean NOT NULL DEFAULT true;
CREATE INDEX scans_unchanged ON scans (id) WHERE NOT changed;
