-- The first schema. Times are milliseconds since 1970; ids are the 16 bytes of a UUID.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Actors, readers and groups. A name never changes and never goes, so its number may be kept in memory.
CREATE TABLE names (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A row stays as a tombstone (deleted_at) when its channel is deleted or renamed: the name keeps its last seq.
CREATE TABLE channels (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL COLLATE NOCASE UNIQUE,
  state        TEXT NOT NULL DEFAULT 'open',
  restricted   INTEGER NOT NULL DEFAULT 0,
  hidden       INTEGER NOT NULL DEFAULT 0,
  content_type TEXT,
  max_age      INTEGER,
  max_messages INTEGER,
  ingress      TEXT,
  egress       TEXT,
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  deleted_at   INTEGER,
  title        TEXT,
  description  TEXT,
  metadata     TEXT NOT NULL DEFAULT '{}',
  schema       TEXT
) STRICT;

-- What every append writes, apart from the settings, which can be long.
CREATE TABLE counters (
  channel_id    INTEGER PRIMARY KEY,
  last_seq      INTEGER NOT NULL DEFAULT 0,
  first_seq     INTEGER NOT NULL DEFAULT 1,  -- of what is stored; last_seq + 1 if nothing is
  message_count INTEGER NOT NULL DEFAULT 0,
  special_seq   INTEGER NOT NULL DEFAULT 0,  -- the highest with a recipient or an expiry: behind it all see all
  hole_seq      INTEGER NOT NULL DEFAULT 0,  -- the highest missing between stored ones: behind it seqs count messages
  newest_time   INTEGER NOT NULL DEFAULT 0,  -- the highest time ever stored
  back_seq      INTEGER NOT NULL DEFAULT 0   -- the highest stored with a time before newest_time: behind it times only rise
) STRICT;

CREATE TABLE messages (
  row             INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of storage, over all channels
  channel_id      INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
  id              BLOB NOT NULL,
  sender_id       INTEGER NOT NULL,
  type            TEXT NOT NULL,
  time            INTEGER NOT NULL,
  time_high       INTEGER,           -- the highest time up to here, where the clock was set back: never falls with seq
  content_type    TEXT,              -- NULL: text/plain
  checksum        INTEGER NOT NULL,  -- CRC-32 of the content as it was sent; stays when the content is removed
  recipient_id    INTEGER,
  reply_to        BLOB,
  thread          BLOB,              -- NULL for a root
  refs            BLOB,              -- ids of 16 bytes, one behind the other
  conversation_id INTEGER,
  correlation_id  TEXT,
  key             TEXT,
  reply_channel   TEXT,
  headers         TEXT,
  expires_at      INTEGER,
  sent_at         INTEGER,
  redacted_at     INTEGER,
  redacted_by     TEXT,
  content         ANY NOT NULL       -- TEXT, or BLOB for bytes: as given
) STRICT;

CREATE UNIQUE INDEX messages_seq ON messages (channel_id, seq);

-- Finds a message by its id and by the end of its id (6 hex digits and more); append checks that (id, channel) is unique.
-- Beside a second, unique index on (id, channel_id): 31 bytes less a message, and in one run on a busy machine 4,900 single
-- appends/s instead of 3,400.
CREATE INDEX messages_tail ON messages (substr(id, 14, 3));

-- There is none on time: time_high never falls, so a time is found by halving the seqs of a channel.
CREATE INDEX messages_reply ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_thread ON messages (thread) WHERE thread IS NOT NULL;
CREATE INDEX messages_conversation ON messages (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX messages_correlation ON messages (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX messages_recipient ON messages (recipient_id) WHERE recipient_id IS NOT NULL;
CREATE UNIQUE INDEX messages_key ON messages (channel_id, key) WHERE key IS NOT NULL;
-- What a count has to leave out, without a look at the messages.
CREATE INDEX messages_direct ON messages (channel_id, seq, recipient_id, sender_id) WHERE recipient_id IS NOT NULL;
CREATE INDEX messages_expiry ON messages (channel_id, expires_at, seq, recipient_id, sender_id) WHERE expires_at IS NOT NULL;

-- References in the other direction.
CREATE TABLE message_references (
  row   INTEGER NOT NULL,
  to_id BLOB NOT NULL,
  PRIMARY KEY (row, to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_references_to ON message_references (to_id);

-- Delayed messages: an id, no seq yet. One that can't be stored when it falls due stays, with the reason in `failed`.
CREATE TABLE scheduled (
  row          INTEGER PRIMARY KEY AUTOINCREMENT,
  channel_id   INTEGER NOT NULL,
  deliver_at   INTEGER NOT NULL,
  id           BLOB NOT NULL,
  sender_id    INTEGER NOT NULL,
  sent_at      INTEGER NOT NULL,
  content_type TEXT,
  checksum     INTEGER NOT NULL,
  key          TEXT,
  failed       TEXT,
  rest         TEXT NOT NULL,  -- JSON: the fields that nobody looks for before it is due
  content      ANY NOT NULL,
  UNIQUE (id, channel_id)
) STRICT;
CREATE INDEX scheduled_due ON scheduled (deliver_at, id) WHERE failed IS NULL;
CREATE INDEX scheduled_channel ON scheduled (channel_id);
CREATE INDEX scheduled_key ON scheduled (channel_id, key) WHERE key IS NOT NULL;

CREATE TABLE consumers (
  channel_id   INTEGER NOT NULL,
  kind         TEXT NOT NULL,
  name_id      INTEGER NOT NULL,
  cursor       INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  moved_at     INTEGER NOT NULL,
  hold_token   TEXT,
  hold_process TEXT,
  hold_until   INTEGER,
  hold_from    INTEGER,
  hold_to      INTEGER,
  hold_up_to   INTEGER,
  PRIMARY KEY (channel_id, kind, name_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consumers_name ON consumers (name_id);

CREATE TABLE subscriptions (
  channel_id    INTEGER NOT NULL,
  subscriber_id INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  transport     TEXT,
  endpoint      TEXT,
  types         TEXT,  -- JSON array
  paused        INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL,
  created_by    TEXT NOT NULL,
  PRIMARY KEY (channel_id, subscriber_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber_id);

CREATE TABLE grants (
  channel_id INTEGER NOT NULL,
  actor_id   INTEGER NOT NULL,
  permission TEXT NOT NULL,
  PRIMARY KEY (channel_id, actor_id, permission)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_actor ON grants (actor_id);

CREATE TABLE conversations (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  title       TEXT,
  description TEXT,
  metadata    TEXT NOT NULL DEFAULT '{}',
  created_at  INTEGER NOT NULL,
  created_by  TEXT NOT NULL,
  by_hand     INTEGER NOT NULL DEFAULT 0
) STRICT;
