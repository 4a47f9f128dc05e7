-- Groups of workers: what they aren't done with, who works, what was given up. Nothing of it is written when a message is sent.

-- Who claimed or works: asked, before something is given, whether it is gone.
CREATE TABLE processes (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  holder TEXT NOT NULL UNIQUE  -- JSON
) STRICT;

-- A group's cursor says up to where it was given messages; a row here is one of those that it isn't done with. Retention
-- leaves such messages alone.
CREATE TABLE in_flight (
  channel_id INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  name_id    INTEGER NOT NULL,            -- the group
  attempt    INTEGER NOT NULL,            -- how often it was given
  until      INTEGER NOT NULL,            -- claimed: the end of the lease; else when it is ready again, 0 once it is known to be
  nonce      TEXT,                        -- of the claim's token; NULL when it isn't claimed
  actor_id   INTEGER,                     -- who claimed it
  process_id INTEGER,                     -- the claim ends with this process; NULL: only with its lease
  lost       INTEGER NOT NULL DEFAULT 0,  -- 1: nobody settled the last attempt
  reason     TEXT,                        -- why the last attempt failed
  PRIMARY KEY (channel_id, seq, name_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX in_flight_ready ON in_flight (channel_id, name_id, until, seq);
CREATE INDEX in_flight_process ON in_flight (process_id, channel_id, name_id) WHERE process_id IS NOT NULL;

CREATE TABLE workers (
  id         TEXT PRIMARY KEY,
  channel_id INTEGER NOT NULL,
  name_id    INTEGER NOT NULL,
  actor_id   INTEGER NOT NULL,
  process_id INTEGER NOT NULL,
  since      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX workers_group ON workers (channel_id, name_id);
CREATE INDEX workers_process ON workers (process_id);

-- With a copy of the message, as `messages` has it: retention may delete that one.
CREATE TABLE dead_letters (
  row             INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order in which they died
  id              BLOB NOT NULL,
  channel_id      INTEGER NOT NULL,
  name_id         INTEGER,  -- the group; NULL: a delayed message that its channel didn't take when it fell due
  seq             INTEGER,  -- NULL: it never had one
  attempts        INTEGER NOT NULL,
  reason          TEXT NOT NULL,
  detail          TEXT,
  died_at         INTEGER NOT NULL,
  message_id      BLOB NOT NULL,
  sender_id       INTEGER NOT NULL,
  type            TEXT NOT NULL,
  time            INTEGER NOT NULL,
  content_type    TEXT,
  checksum        INTEGER NOT NULL,
  recipient_id    INTEGER,
  reply_to        BLOB,
  thread          BLOB,
  refs            BLOB,
  conversation_id INTEGER,
  correlation_id  TEXT,
  key             TEXT,
  reply_channel   TEXT,
  headers         TEXT,
  expires_at      INTEGER,
  sent_at         INTEGER,
  redacted_at     INTEGER,
  redacted_by     TEXT,
  content         ANY NOT NULL
) STRICT;
CREATE INDEX dead_letters_id ON dead_letters (substr(id, 14, 3));
CREATE INDEX dead_letters_message ON dead_letters (substr(message_id, 14, 3));
CREATE INDEX dead_letters_channel ON dead_letters (channel_id);
CREATE INDEX dead_letters_group ON dead_letters (name_id) WHERE name_id IS NOT NULL;

-- A delayed message that its channel doesn't take is a dead letter now. One that failed before is due again, and is stored
-- or buried by whoever looks next.
DROP INDEX scheduled_due;
ALTER TABLE scheduled DROP COLUMN failed;
CREATE INDEX scheduled_due ON scheduled (deliver_at, id);
CREATE INDEX scheduled_tail ON scheduled (substr(id, 14, 3));
