"""Understanding what mail servers and providers report; nothing here writes."""
