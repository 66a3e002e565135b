"""What people are told to do: on their home page, and by mail."""
