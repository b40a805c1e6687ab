"""Pictures as files: what they tell about the person who took them, and smaller versions."""
