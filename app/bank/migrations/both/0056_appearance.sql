-- How a user wants pages to look on every device (docs/domain.md §12); NULL: not chosen, the browser's own choice holds.
ALTER TABLE users ADD COLUMN display_mode TEXT CONSTRAINT users_display_mode CHECK (display_mode IN ('normal', 'elder'));
ALTER TABLE users ADD COLUMN theme TEXT CONSTRAINT users_theme CHECK (theme IN ('auto', 'light', 'dark'));
