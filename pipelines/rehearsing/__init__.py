"""A programme rehearsed before it begins: what it could see, and what chance would bring it."""
