"""What is made public, and where (发布): the contents of notices, and the media that carried them."""
