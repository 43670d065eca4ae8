-- Whether the owner of the socket was shown to be the declared program in the look in which the instance proved its key.
ALTER TABLE agent_proofs ADD COLUMN verified boolean NOT NULL DEFAULT false;
