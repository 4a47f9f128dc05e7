-- Full text. Nothing of it is written when a message is sent: the index is filled behind, in the order of storage.

-- rowid = messages.row. channel: its id, so that a channel that is renamed is found; words are looked for in the rest.
CREATE VIRTUAL TABLE search USING fts5 (
  content, sender, type, channel, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE search_state (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  indexed INTEGER NOT NULL,  -- every message up to this row is in the index, but for those that were redacted
  begun   INTEGER NOT NULL,  -- 1: somebody has searched here; before that nobody fills it in passing
  purging INTEGER NOT NULL   -- 1: words of redacted messages may still stand in its pages
) STRICT;
INSERT INTO search_state VALUES (1, 0, 0, 0);

-- Rows of the index whose messages were deleted. Rows are never used again, so they are not found; they are taken out behind.
CREATE TABLE search_gone (
  row INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER search_message_deleted AFTER DELETE ON messages WHEN old.row <= (SELECT indexed FROM search_state)
BEGIN
  INSERT OR IGNORE INTO search_gone VALUES (old.row);
END;
