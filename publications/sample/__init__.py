"""An invented library of any size, so that a new site can be tried, shown and measured."""
