-- Who may do what by role and on all channels, who is who at a network door, and what is pushed to subscribers.

CREATE TABLE roles (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  description TEXT,
  created_at  INTEGER NOT NULL,
  created_by  TEXT NOT NULL
) STRICT;

CREATE TABLE role_members (
  role_id  INTEGER NOT NULL,
  actor_id INTEGER NOT NULL,
  PRIMARY KEY (role_id, actor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_members_actor ON role_members (actor_id);

-- channel_id 0: on all channels. Either actor_id or role_id is 0.
ALTER TABLE grants RENAME TO grants_of_actors;
DROP INDEX grants_actor;
CREATE TABLE grants (
  channel_id INTEGER NOT NULL,
  actor_id   INTEGER NOT NULL,
  role_id    INTEGER NOT NULL,
  permission TEXT NOT NULL,
  PRIMARY KEY (channel_id, actor_id, role_id, permission)
) STRICT, WITHOUT ROWID;
INSERT INTO grants SELECT channel_id, actor_id, 0, permission FROM grants_of_actors;
DROP TABLE grants_of_actors;
CREATE INDEX grants_actor ON grants (actor_id) WHERE actor_id <> 0;
CREATE INDEX grants_role ON grants (role_id) WHERE role_id <> 0;

CREATE TABLE tokens (
  id         TEXT PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,  -- SHA-256 of the token: the token itself is nowhere
  actor_id   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER
) STRICT;

ALTER TABLE subscriptions ADD COLUMN id BLOB;
ALTER TABLE subscriptions ADD COLUMN allow_private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN secrets TEXT;  -- JSON array, the newest first
UPDATE subscriptions SET id = randomblob(16);
-- As a UUID of version 4 has it (RFC 9562).
UPDATE subscriptions
   SET id = unhex(substr(hex(id), 1, 12) || '4' || substr(hex(id), 14, 3) || '8' || substr(hex(id), 18));

-- Subscriptions that had a transport or an endpoint before anything delivered begin with what comes from now on.
INSERT INTO consumers (channel_id, kind, name_id, cursor, created_at, moved_at)
SELECT channel_id, 'push', subscriber_id, last_seq, subscriptions.created_at, subscriptions.created_at
  FROM subscriptions JOIN counters USING (channel_id) JOIN channels ON channels.id = channel_id
 WHERE transport IS NOT NULL OR endpoint IS NOT NULL
    OR (egress IS NOT NULL AND egress NOT IN ('http', 'email', 'exec', 'channel'));

-- A push consumer's cursor says up to where it was given messages; a row here is one that it was given, from the first
-- attempt on. Retention leaves pending ones alone, and takes the others along with their message.
CREATE TABLE deliveries (
  channel_id    INTEGER NOT NULL,
  subscriber_id INTEGER NOT NULL,
  seq           INTEGER NOT NULL,
  id            BLOB NOT NULL,
  state         TEXT NOT NULL,            -- pending, delivered, failed
  attempts      INTEGER NOT NULL,
  until         INTEGER NOT NULL,         -- in hand: the end of the lease; pending: when it is tried again, 0 for now
  nonce         TEXT,                     -- of the token; NULL when it isn't in hand
  process_id    INTEGER,                  -- who has it in hand
  created_at    INTEGER NOT NULL,
  history       TEXT NOT NULL DEFAULT '[]',  -- JSON array of attempts
  PRIMARY KEY (channel_id, subscriber_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_pending ON deliveries (channel_id, subscriber_id, seq) WHERE state = 'pending';
CREATE INDEX deliveries_held ON deliveries (channel_id, subscriber_id) WHERE nonce IS NOT NULL;
CREATE INDEX deliveries_place ON deliveries (channel_id, seq);
CREATE INDEX deliveries_id ON deliveries (substr(id, 14, 3));
CREATE INDEX deliveries_process ON deliveries (process_id) WHERE process_id IS NOT NULL;

-- Of a delivery that was given up: its subscriber, in place of a group.
ALTER TABLE dead_letters ADD COLUMN subscriber_id INTEGER;
CREATE INDEX dead_letters_subscriber ON dead_letters (subscriber_id) WHERE subscriber_id IS NOT NULL;
