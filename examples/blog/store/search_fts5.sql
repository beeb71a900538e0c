-- The words of posts, in an index that the triggers keep up to date.
CREATE VIRTUAL TABLE posts_text USING fts5(title, body, content='posts', content_rowid='id', tokenize='unicode61 remove_diacritics 0');
CREATE TRIGGER posts_text_add AFTER INSERT ON posts BEGIN
	INSERT INTO posts_text (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER posts_text_change AFTER UPDATE OF title, body ON posts BEGIN
	INSERT INTO posts_text (posts_text, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
	INSERT INTO posts_text (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER posts_text_remove AFTER DELETE ON posts BEGIN
	INSERT INTO posts_text (posts_text, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;
INSERT INTO posts_text (posts_text) VALUES ('rebuild');
