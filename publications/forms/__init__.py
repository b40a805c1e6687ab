"""What staff type in, understood and checked."""
