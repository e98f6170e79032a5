"""What the lines of business share, as pure modules told apart by their rulebooks."""
