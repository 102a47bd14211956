"""The handbook: pages in Markdown, searched, shown by F1, printed."""
