"""Date, time and number formats of this project."""
