"""From any file to a plain one: archives, compressed files, encodings, workbooks and streams."""
