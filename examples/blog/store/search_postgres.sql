-- The words of posts, in a column that the database keeps up to date.
ALTER TABLE posts ADD COLUMN IF NOT EXISTS words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || body)) STORED;
CREATE INDEX IF NOT EXISTS idx_posts_words ON posts USING gin (words);
