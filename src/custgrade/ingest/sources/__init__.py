"""Open sources of rows: text files, Parquet files, sheets, data frames, and several files as one."""
