-- scans: what was seen of each declared agent, JSON, gzip; null for scans from before this was kept
ALTER TABLE scans ADD COLUMN agents_seen bytea;
