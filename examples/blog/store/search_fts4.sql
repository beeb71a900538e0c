-- The words of posts, in an index that the triggers keep up to date.
CREATE VIRTUAL TABLE posts_text USING fts4(title, body, content="posts", tokenize=unicode61 "remove_diacritics=0");
CREATE TRIGGER posts_text_add AFTER INSERT ON posts BEGIN
	INSERT INTO posts_text (docid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER posts_text_change BEFORE UPDATE OF title, body ON posts BEGIN
	DELETE FROM posts_text WHERE docid = old.id;
END;
CREATE TRIGGER posts_text_changed AFTER UPDATE OF title, body ON posts BEGIN
	INSERT INTO posts_text (docid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER posts_text_remove BEFORE DELETE ON posts BEGIN
	DELETE FROM posts_text WHERE docid = old.id;
END;
INSERT INTO posts_text (posts_text) VALUES ('rebuild');
